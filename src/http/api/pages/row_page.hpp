#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "actors/database/messages.hpp"
#include "http/server/exchange.hpp"
#include "http/server/response.hpp"
#include "schema/row_writer.hpp"

namespace troupe::http {

/// A row as a page: its values, what it refers to and what refers to it, and forms that change and remove it.
/// `path`: where it is; empty: rows have no key. `tag`: its entity tag; empty: it has none. `fields`: places
/// of the columns to show; empty: all.
Response row_page(const Exchange& exchange, int status, const actors::RowAnswer& answer,
                  std::string_view path, std::string_view tag, std::span<const std::size_t> fields);

/// Rows that were made at once, or that a query gives, as a table. `shape`: their columns, from the answer's
/// first column on. An answer without rows: none.
Response rows_page(const Exchange& exchange, int status, const schema::RowShape& shape,
                   const actors::RowAnswer& answer);

}  // namespace troupe::http
