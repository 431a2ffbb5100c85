#include "schema/decimal.hpp"

#include <algorithm>

#include "support/characters.hpp"

namespace troupe::schema {
namespace {

constexpr std::int64_t largest_exponent = 1'000'000'000;  ///< beyond all that PostgreSQL takes

/// Takes the digits that `rest` begins with.
std::string_view take_digits(std::string_view& rest) {
  std::size_t count = 0;
  while (count < rest.size() && is_digit(rest[count])) ++count;
  const std::string_view digits = rest.substr(0, count);
  rest.remove_prefix(count);
  return digits;
}

bool take(std::string_view& rest, char c) {
  if (rest.empty() || rest.front() != c) return false;
  rest.remove_prefix(1);
  return true;
}

/// The exponent behind the e, held within ±largest_exponent.
std::optional<std::int64_t> read_exponent(std::string_view& rest) {
  const bool negative = take(rest, '-');
  if (!negative) take(rest, '+');
  const std::string_view digits = take_digits(rest);
  if (digits.empty()) return std::nullopt;
  std::int64_t value = 0;
  for (const char digit : digits) value = std::min(value * 10 + (digit - '0'), largest_exponent);
  return negative ? -value : value;
}

}  // namespace

std::optional<Decimal> Decimal::read(std::string_view text) {
  Decimal number;
  number.negative_ = take(text, '-');
  number.whole_ = take_digits(text);
  if (number.whole_.empty()) return std::nullopt;
  if (take(text, '.')) {
    number.fraction_ = take_digits(text);
    if (number.fraction_.empty()) return std::nullopt;
  }
  if (take(text, 'e') || take(text, 'E')) {
    const auto exponent = read_exponent(text);
    if (!exponent) return std::nullopt;
    number.exponent_ = *exponent;
  }
  if (!text.empty()) return std::nullopt;
  const auto whole = number.whole_.find_first_not_of('0');
  if (whole != std::string_view::npos) {
    number.significant_ = whole;
  } else {
    number.significant_ =
        number.whole_.size() + std::min(number.fraction_.find_first_not_of('0'), number.fraction_.size());
  }
  return number;
}

std::int64_t Decimal::magnitude() const {
  return static_cast<std::int64_t>(whole_.size()) - static_cast<std::int64_t>(significant_) + exponent_;
}

char Decimal::digit(std::size_t i) const {
  const std::size_t at = significant_ + i;
  if (at < whole_.size()) return whole_[at];
  return at - whole_.size() < fraction_.size() ? fraction_[at - whole_.size()] : '0';
}

int compare(const Decimal& a, const Decimal& b) {
  const auto sign = [](const Decimal& number) { return number.zero() ? 0 : number.negative() ? -1 : 1; };
  if (sign(a) != sign(b)) return sign(a) - sign(b);
  if (sign(a) == 0) return 0;
  if (a.magnitude() != b.magnitude()) return a.magnitude() > b.magnitude() ? sign(a) : -sign(a);
  for (std::size_t i = 0; i < std::max(a.digits(), b.digits()); ++i) {
    if (a.digit(i) != b.digit(i)) return a.digit(i) > b.digit(i) ? sign(a) : -sign(a);
  }
  return 0;
}

MaybeFault check_bounds(const Decimal& number, const Rules& rules) {
  if (rules.min) {
    const auto min = Decimal::read(*rules.min);
    if (min && compare(number, *min) < 0) {
      return value_fault("greater_than_equal", "must be greater than or equal to " + *rules.min);
    }
  }
  if (rules.max) {
    const auto max = Decimal::read(*rules.max);
    if (max && compare(number, *max) > 0) {
      return value_fault("less_than_equal", "must be less than or equal to " + *rules.max);
    }
  }
  return std::nullopt;
}

}  // namespace troupe::schema
