#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "http/server/exchange.hpp"
#include "http/server/response.hpp"
#include "schema/row_writer.hpp"

namespace troupe::http {

/// The strong entity tag (RFC 9110 section 8.8.3) of a row: the transaction that wrote it, and what tells its
/// forms apart. `xmin`: as PostgreSQL sent it. `form`: letters first. `columns`: ServedResource::columns_id,
/// since a table can change under a row that does not. `fields`: places of the columns that are shown; empty:
/// all.
std::string entity_tag(std::string_view xmin, std::string_view form, std::string_view columns,
                       std::span<const std::size_t> fields);

/// What a request demands of a row's version before it is changed (RFC 9110 section 13).
struct Precondition {
  bool none = true;                       ///< no If-Match
  std::optional<std::string> versions{};  ///< of If-Match: xmins, a comma between; absent: any ("*")
  bool impossible = false;                ///< If-Match names no tag that we could have made
  bool must_be_new = false;               ///< If-None-Match: *
};
Precondition precondition_of(const Request& request);

/// Appends the element that ResourceStatements::change wants.
void append_versions(const Precondition& precondition, std::string& elements);

/// Does an If-None-Match of a GET name this tag (weak comparison)?
bool names_tag(std::string_view if_none_match, std::string_view tag);

}  // namespace troupe::http
