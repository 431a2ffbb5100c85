#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/resource.hpp"
#include "support/content_format.hpp"
#include "support/field_fault.hpp"

namespace troupe::schema {

constexpr std::size_t max_body_depth = 64;  ///< nested arrays and objects of a body

/// Why a body is not what it should be: it is not JSON/MessagePack at all, or it is, and its values are at
/// fault (all of them listed).
struct BodyError {
  enum class Kind { malformed, invalid, too_many_rows };
  Kind kind = Kind::malformed;
  std::string detail;
  std::vector<FieldFault> faults;
};

template <class T>
using BodyResult = boost::system::result<T, BodyError>;

/// Rows as their bodies give them, each a run of array elements (Codec::read): first the Masks of the columns
/// that are there, then a value for each column, null where it is absent.
struct BodyRows {
  std::string elements;
  std::size_t count = 0;
  bool array = false;  ///< the body was an array
};

/// A body of POST: an object, or an array of at most `max_rows`, with values for `resource.insertable()`.
/// Members that are no such columns cost their reading only. A fault's loc in an array has the row's index:
/// {"body", "3", "price"}. Pure; from any thread.
BodyResult<BodyRows> read_new_rows(const Resource& resource, ContentFormat format, std::string_view body,
                                   std::size_t max_rows);

/// A body of PUT: an object with values for `resource.updatable()`; what a new row must have, it must have.
BodyResult<BodyRows> read_replacement(const Resource& resource, ContentFormat format, std::string_view body);

/// A body of PATCH: the same, and nothing is required.
BodyResult<BodyRows> read_change(const Resource& resource, ContentFormat format, std::string_view body);

/// The key's elements of a row that an answer shows as a JSON object; nothing where it does not show them
/// all. For a client of the API. Pure; from any thread.
std::optional<std::string> read_shown_key(const Resource& resource, std::string_view json);

}  // namespace troupe::schema
