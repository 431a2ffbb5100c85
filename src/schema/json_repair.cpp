#include "schema/json_repair.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <utility>

#include "support/characters.hpp"

namespace troupe::schema {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 2> literals = {
    {{"NaN", repaired_nan}, {"Infinity", repaired_infinity}}};

bool is_word(char c) {
  return is_digit(c) || ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || c == '_' || c == '.';
}

class Repairer {
 public:
  explicit Repairer(std::string_view text) : rest_(text) { out_.reserve(text.size() + 16); }

  std::string run() {
    while (!rest_.empty()) {
      if (rest_.front() == '"') {
        in_string_ = !in_string_;
        copy(1);
      } else if (in_string_) {
        string_step();
      } else {
        token_step();
      }
    }
    return std::move(out_);
  }

 private:
  void copy(std::size_t n) {
    out_.append(rest_, 0, n);
    rest_.remove_prefix(std::min(n, rest_.size()));
  }

  void replace(std::size_t n, std::string_view by) {
    out_.append(by);
    rest_.remove_prefix(n);
  }

  void string_step() {
    if (rest_.front() != '\\') return copy(1);
    const auto unit = escaped_unit(0);
    if (!unit || *unit < 0xD800 || *unit > 0xDFFF) return copy(2);
    const auto next = escaped_unit(6);
    const bool is_pair = *unit < 0xDC00 && next && *next >= 0xDC00 && *next <= 0xDFFF;
    if (is_pair) return copy(12);
    replace(6, "\xFF");
  }

  /// The UTF-16 unit of the \uXXXX that starts at `at`.
  std::optional<unsigned> escaped_unit(std::size_t at) const {
    if (rest_.size() < at + 6 || rest_[at] != '\\' || rest_[at + 1] != 'u') return std::nullopt;
    unsigned unit = 0;
    const char* const first = rest_.data() + at + 2;
    const auto [end, error] = std::from_chars(first, first + 4, unit, 16);
    if (error != std::errc() || end != first + 4) return std::nullopt;
    return unit;
  }

  void token_step() {
    const bool starts_word = out_.empty() || !is_word(out_.back());
    for (const auto& [literal, number] : literals) {
      if (!starts_word || !rest_.starts_with(literal)) continue;
      const bool ends_word = rest_.size() == literal.size() || !is_word(rest_[literal.size()]);
      if (ends_word) return replace(literal.size(), number);
    }
    const bool exponent =
        (rest_.front() == 'e' || rest_.front() == 'E') && !out_.empty() && is_digit(out_.back());
    copy(1);
    if (exponent) exponent_step();
  }

  void exponent_step() {
    if (!rest_.empty() && (rest_.front() == '+' || rest_.front() == '-')) copy(1);
    std::size_t digits = 0;
    while (digits < rest_.size() && is_digit(rest_[digits])) ++digits;
    const std::size_t zeros = std::min(rest_.find_first_not_of('0'), digits);
    if (digits - zeros > 9) return replace(digits, "999999999");
    copy(digits);
  }

  std::string_view rest_;
  std::string out_;
  bool in_string_ = false;
};

}  // namespace

std::string repair_json(std::string_view text) {
  return Repairer(text).run();
}

}  // namespace troupe::schema
