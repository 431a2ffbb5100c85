#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe::items {

constexpr std::size_t max_name_length = 100;          ///< characters (Unicode code points), not bytes
constexpr std::size_t max_description_length = 2000;  ///< characters (Unicode code points), not bytes

/// An item as a client sends it to be created, or to replace another one. Always valid: only readers make
/// one.
struct NewItem {
  std::string name;
  std::optional<std::string> description{};
  double price = 0;  ///< finite, not negative
  bool in_stock = true;
  bool operator==(const NewItem&) const = default;
};

/// A stored item.
struct Item {
  std::int64_t id = 0;
  std::string name;
  std::optional<std::string> description{};
  double price = 0;
  bool in_stock = true;
  bool operator==(const Item&) const = default;
};

/// The fields to change; an absent one keeps its stored value. PUT is a change that sets every field.
struct ItemChange {
  std::optional<std::string> name{};
  std::optional<std::optional<std::string>> description{};  ///< outer: is it set; inner: null or text
  std::optional<double> price{};
  std::optional<bool> in_stock{};
  bool operator==(const ItemChange&) const = default;

  /// The change that replaces an item by `item`.
  static ItemChange replace_with(NewItem item) {
    return {std::move(item.name), std::move(item.description), item.price, item.in_stock};
  }
};

}  // namespace troupe::items
