#pragma once

#include <string>
#include <string_view>

#include "support/result.hpp"

namespace troupe::schema {

/// A name as SQL takes it literally: "a ""b""".
std::string quote_identifier(std::string_view name);

/// `name` or `schema.name` as people write it, ready for SQL; case counts. Error: one line that begins with
/// the name, when it cannot be one.
Result<std::string> quote_table_name(const std::string& table);

/// What `quote_table_name` made `quoted` of.
std::string plain_table_name(std::string_view quoted);

}  // namespace troupe::schema
