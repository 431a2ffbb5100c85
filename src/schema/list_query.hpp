#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe::schema {

/// How a filter compares a column with a value; the names are django-filter's lookups.
enum class Lookup : std::uint8_t { exact, ne, gt, gte, lt, lte, in, contains, icontains, startswith, isnull };

/// One condition of a list.
struct Filter {
  std::size_t place = 0;  ///< of the column
  Lookup lookup = Lookup::exact;
  /// Array elements (Codec::read): one; of `in` any number; of `isnull` none. Of `contains` and its kin: the
  /// text as it was asked for, before it becomes a pattern.
  std::string elements{};
  std::size_t count = 1;    ///< how many elements
  bool wants_null = false;  ///< of `isnull`
  bool operator==(const Filter&) const = default;
};

struct OrderTerm {
  std::size_t place = 0;
  bool descending = false;
  bool operator==(const OrderTerm&) const = default;
};

/// Which rows to list, and in which order. Two equal queries have equal answers at one moment, so they share
/// one execution.
struct ListQuery {
  std::vector<Filter> filters{};
  std::vector<OrderTerm> order{};     ///< ends with the key, where there is one: pages must not overlap
  std::vector<std::size_t> fields{};  ///< places of the columns to show; empty: all
  std::int64_t limit = 100;
  std::int64_t offset = 0;
  /// The last row of the page before: an element for each term of the order.
  std::optional<std::string> after{};
  bool count = false;  ///< also count all rows that match, whatever the page
  bool operator==(const ListQuery&) const = default;
};

}  // namespace troupe::schema
