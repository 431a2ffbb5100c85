#pragma once

#include <boost/json/storage_ptr.hpp>
#include <boost/system/result.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "items/body_fields.hpp"
#include "items/codec.hpp"

namespace troupe::items {

constexpr std::size_t max_body_depth = 32;  ///< nested arrays and objects of a body

/// The body is not JSON or MessagePack: why, in one sentence for the client.
struct Malformed {
  std::string detail;
};

using ParsedBody = boost::system::result<BodyFields, Malformed>;

/// Reads a body's fields without judging their values: a text may hold invalid UTF-8 (a lone surrogate escape
/// is turned into such), a number may be infinite or NaN. They live in `memory`. Never throws on bad input.
ParsedBody parse_body(ContentFormat format, std::string_view body, boost::json::storage_ptr memory);

/// The two forms behind `parse_body`.
ParsedBody parse_json(std::string_view body, boost::json::storage_ptr memory);
ParsedBody parse_msgpack(std::string_view body, boost::json::storage_ptr memory);

}  // namespace troupe::items
