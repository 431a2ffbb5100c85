#pragma once

#include <boost/system/result.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "items/item.hpp"
#include "support/content_format.hpp"
#include "support/field_fault.hpp"

namespace troupe::items {

/// Why a body is not an item: it is not JSON/MessagePack at all, or it is, and its values are at fault (all
/// of them listed).
struct BodyError {
  enum class Kind { malformed, invalid };
  Kind kind = Kind::malformed;
  std::string detail;
  std::vector<FieldFault> faults;
};

template <class T>
using BodyResult = boost::system::result<T, BodyError>;

/// Reads and validates a whole item (POST, PUT). Unknown fields and `id` are ignored. Pure: callable from any
/// thread.
BodyResult<NewItem> read_new_item(ContentFormat format, std::string_view body);

/// Reads and validates a partial item (PATCH): an absent field stays, a null is only allowed for
/// `description`.
BodyResult<ItemChange> read_item_change(ContentFormat format, std::string_view body);

/// Appends the item's form to `out`.
void write_item(ContentFormat format, const Item& item, std::string& out);

/// Appends an array of items to `out`.
void write_items(ContentFormat format, std::span<const Item> items, std::string& out);

}  // namespace troupe::items
