#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace troupe::sim {

/// What a user sends to make an item, or to replace one: by the items API's rules (schema::items_entry).
struct ItemValues {
  static constexpr std::size_t max_name_length = 100;          ///< characters
  static constexpr std::size_t max_description_length = 2000;  ///< characters

  std::string name;
  std::optional<std::string> description{};
  double price = 0;
  bool in_stock = true;
  bool operator==(const ItemValues&) const = default;
};

}  // namespace troupe::sim
