#include "schema/time_text.hpp"

#include <array>
#include <cstddef>
#include <optional>

#include "support/characters.hpp"

namespace troupe::schema {
namespace {

constexpr std::size_t longest_year = 7;  ///< of PostgreSQL's last date, in the year 5874897

/// Reads a text from its front.
class Taker {
 public:
  explicit Taker(std::string_view text) : rest_(text) {}

  bool empty() const { return rest_.empty(); }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool take_ending(std::string_view ending) {
    if (!rest_.ends_with(ending)) return false;
    rest_.remove_suffix(ending.size());
    return true;
  }

  /// So many digits at least and at most, as their number.
  std::optional<int> digits(std::size_t least, std::size_t most) {
    std::size_t count = 0;
    int value = 0;
    while (count < rest_.size() && count < most && is_digit(rest_[count])) {
      value = value * 10 + (rest_[count++] - '0');
    }
    if (count < least) return std::nullopt;
    rest_.remove_prefix(count);
    return value;
  }

  /// The fraction of a second: PostgreSQL rounds what is longer than it keeps.
  bool fraction() {
    if (!digits(1, 9)) return false;
    while (!rest_.empty() && is_digit(rest_.front())) rest_.remove_prefix(1);
    return true;
  }

 private:
  std::string_view rest_;
};

bool is_leap(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool take_date(Taker& taker, bool before_christ) {
  constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const auto year = taker.digits(4, longest_year);
  if (!year || *year == 0 || !taker.take('-')) return false;
  const auto month = taker.digits(2, 2);
  if (!month || *month < 1 || *month > 12 || !taker.take('-')) return false;
  const auto day = taker.digits(2, 2);
  const bool leap = is_leap(before_christ ? *year - 1 : *year);  // the year before 1 is 1 BC
  const int last = days[static_cast<std::size_t>(*month - 1)] + (leap && *month == 2 ? 1 : 0);
  return day && *day >= 1 && *day <= last;
}

bool take_time(Taker& taker) {
  const auto hour = taker.digits(2, 2);
  if (!hour || *hour > 24 || !taker.take(':')) return false;
  const auto minute = taker.digits(2, 2);
  if (!minute || *minute > 59) return false;
  bool on_the_hour = *minute == 0;
  if (taker.take(':')) {
    const auto second = taker.digits(2, 2);
    if (!second || *second > 60) return false;
    on_the_hour = on_the_hour && *second == 0;
    if (taker.take('.')) {
      if (!taker.fraction()) return false;
      on_the_hour = false;
    }
  }
  return *hour < 24 || on_the_hour;
}

bool take_offset(Taker& taker) {
  if (taker.take('Z') || taker.take('z')) return true;
  if (!taker.take('+') && !taker.take('-')) return false;
  const auto hours = taker.digits(2, 2);
  if (!hours || *hours > 15) return false;  // PostgreSQL's limit
  if (taker.empty()) return true;
  const bool colon = taker.take(':');
  const auto minutes = taker.digits(2, 2);
  if (!minutes || *minutes > 59) return false;
  if (!colon || !taker.take(':')) return true;
  const auto seconds = taker.digits(2, 2);
  return seconds && *seconds <= 59;
}

}  // namespace

bool is_infinity(std::string_view text) {
  return text == "infinity" || text == "-infinity";
}

bool is_date(std::string_view text) {
  if (is_infinity(text)) return true;
  Taker taker(text);
  const bool before_christ = taker.take_ending(" BC");
  return take_date(taker, before_christ) && taker.empty();
}

bool is_time(std::string_view text) {
  Taker taker(text);
  return take_time(taker) && taker.empty();
}

TimestampForm timestamp_form(std::string_view text) {
  Taker taker(text);
  const bool before_christ = taker.take_ending(" BC");
  if (!take_date(taker, before_christ)) return TimestampForm::none;
  if (!taker.take('T') && !taker.take('t') && !taker.take(' ')) return TimestampForm::none;
  if (!take_time(taker)) return TimestampForm::none;
  if (taker.empty()) return TimestampForm::local;
  return take_offset(taker) && taker.empty() ? TimestampForm::with_offset : TimestampForm::none;
}

}  // namespace troupe::schema
