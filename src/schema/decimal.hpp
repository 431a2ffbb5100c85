#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "schema/element.hpp"

namespace troupe::schema {

/// A decimal number as somebody wrote it ("-12.50", "1e-3"), looked at without rounding: a view of the text.
class Decimal {
 public:
  /// nullopt: the text is no number as JSON writes them (zeros in front are taken).
  static std::optional<Decimal> read(std::string_view text);

  bool zero() const { return significant_ == whole_.size() + fraction_.size(); }
  bool negative() const { return negative_ && !zero(); }
  /// The value lies in [10^(magnitude-1), 10^magnitude), but for its sign. Without meaning when zero.
  std::int64_t magnitude() const;
  /// Significant digits, of which the first is not 0; `digit(i)` is '0' behind the last one.
  std::size_t digits() const { return whole_.size() + fraction_.size() - significant_; }
  char digit(std::size_t i) const;
  /// Digits behind the decimal point, as written; negative when zeros follow the last digit.
  std::int64_t places() const { return static_cast<std::int64_t>(fraction_.size()) - exponent_; }

  /// Negative, 0 or positive, as `a` is less than, equal to or greater than `b`.
  friend int compare(const Decimal& a, const Decimal& b);

 private:
  bool negative_ = false;
  std::string_view whole_, fraction_;
  std::int64_t exponent_ = 0;
  std::size_t significant_ = 0;  ///< digits in front of the first that is not 0
};

int compare(const Decimal& a, const Decimal& b);

/// Holds a number against the column's min and max.
MaybeFault check_bounds(const Decimal& number, const Rules& rules);

}  // namespace troupe::schema
