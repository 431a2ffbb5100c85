#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::http {

/// One parameter of a query string, decoded.
struct QueryParameter {
  std::string name;
  std::string value;
};

/// The parameters in their order, of a repeated one the last (a form's encoding: a plus sign is a space).
/// nullopt: the query is not percent-encoded as RFC 3986 section 3.4 wants it.
std::optional<std::vector<QueryParameter>> parse_query_string(std::string_view raw);

/// Appends "name=value", percent-encoded, behind an ampersand unless it is the first.
void append_parameter(std::string_view name, std::string_view value, std::string& query);

}  // namespace troupe::http
