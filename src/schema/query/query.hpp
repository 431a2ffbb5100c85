#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/body.hpp"
#include "schema/query/query_text.hpp"
#include "schema/resource.hpp"
#include "support/content_format.hpp"

namespace troupe::schema {

/// A query with the types that PostgreSQL gave it. Immutable once made, and shared between threads.
struct Query {
  std::string name;
  std::string path;  ///< with both slashes
  std::string comment{};
  QueryText text{};
  /// What a call gives: a column for each of `text.names`, in that order.
  Resource parameters{};
  /// An element for each parameter that a call may leave out: its default, or null; empty for the others.
  std::vector<std::string> defaults{};
  Resource rows{};  ///< the columns of an answer; none: it gives no rows
  bool one = false, write = false;
  std::optional<std::chrono::milliseconds> timeout{};
  std::int64_t max_rows = 1000;
  bool coalesced = false;         ///< calls that wait together are one statement
  std::string why_not{};          ///< one line: why they are not; empty when they are
  bool proven_read_only = false;  ///< nothing it calls can write, so it needs no transaction that forbids it
};

/// The elements of a call: one for each parameter, defaults in place of those that `body` leaves out.
/// Members that are no parameters are ignored. Pure; from any thread.
BodyResult<std::string> read_call(const Query& query, ContentFormat format, std::string_view body);

/// Appends the element of a parameter that is given as text, which the column's rules hold for, too. Nothing
/// is appended when there is a fault.
std::optional<ValueFault> parse_parameter(const Column& column, std::string_view text, std::string& out);

}  // namespace troupe::schema
