#pragma once

#include <boost/system/result.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "items/item.hpp"

namespace troupe::items {

/// The two forms in which an item crosses the wire.
enum class Format { json, msgpack };

/// One fault of one field, as FastAPI reports it.
struct Fault {
  std::vector<std::string> loc;  ///< where: {"body", "price"}
  std::string msg;               ///< what is wrong and what is allowed, for people
  std::string type;              ///< the same for programs: "missing", "string_too_long", ...
  bool operator==(const Fault&) const = default;
};

/// Why a body is not an item: it is not JSON/MessagePack at all, or it is, and its values are at fault (all
/// of them listed).
struct BodyError {
  enum class Kind { malformed, invalid };
  Kind kind = Kind::malformed;
  std::string detail;
  std::vector<Fault> faults;
};

template <class T>
using BodyResult = boost::system::result<T, BodyError>;

/// Reads and validates a whole item (POST, PUT). Unknown fields and `id` are ignored. Pure: callable from any
/// thread.
BodyResult<NewItem> read_new_item(Format format, std::string_view body);

/// Reads and validates a partial item (PATCH): an absent field stays, a null is only allowed for
/// `description`.
BodyResult<ItemChange> read_item_change(Format format, std::string_view body);

/// Appends the item's form to `out`.
void write_item(Format format, const Item& item, std::string& out);

/// Appends an array of items to `out`.
void write_items(Format format, std::span<const Item> items, std::string& out);

}  // namespace troupe::items
