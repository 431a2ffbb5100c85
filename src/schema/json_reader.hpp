#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/row_events.hpp"

namespace troupe::schema {

/// Reads a JSON body into `rows`. Tells why it is none, in one sentence for the client. Never throws on bad
/// input.
std::optional<std::string> read_json_rows(std::string_view body, RowEvents& rows);

}  // namespace troupe::schema
