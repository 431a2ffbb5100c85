#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "items/item.hpp"

namespace troupe::items {

enum class OrderBy { id, name, price };

constexpr std::int64_t default_limit = 100;
constexpr std::int64_t max_limit = 1000;

/// Which items to list, and in which order. Two equal queries have equal answers at one moment, so they share
/// one execution.
struct ListQuery {
  std::int64_t limit = default_limit;
  std::int64_t offset = 0;
  /// Keyset position, only with OrderBy::id: ids beyond it in the order's direction.
  std::optional<std::int64_t> after{};
  OrderBy order_by = OrderBy::id;
  bool descending = false;
  std::optional<std::string> name{};  ///< exact match
  std::optional<bool> in_stock{};
  std::optional<double> min_price{};
  std::optional<double> max_price{};
  bool count = false;  ///< also count all items that match, whatever the limit
  bool operator==(const ListQuery&) const = default;
};

/// One page of a list.
struct ItemPage {
  std::vector<Item> items;
  bool more = false;                    ///< another page follows
  std::optional<std::int64_t> total{};  ///< only when the query asked for a count
  bool operator==(const ItemPage&) const = default;
};

}  // namespace troupe::items
