#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/api/query_string.hpp"
#include "schema/resource.hpp"

namespace troupe::http {

struct ResourcePages;

/// The parameters of a list as its page shows them.
using Parameters = std::vector<QueryParameter>;

/// Appends the form's fields for the columns, filled with what the parameters say.
void append_filters(const schema::Resource& resource, const Parameters& parameters, std::string& out);

/// Appends the form that asks for another list. It works without a script: what is left empty is sent, too,
/// and taken out by `query_of_form`.
void append_filter_form(const ResourcePages& pages, const Parameters& parameters, std::string& out);

/// What a query means that the form has sent as it stood: the same without the mark and what is empty.
/// Nothing: it comes from elsewhere, where an empty value is a value.
std::optional<std::string> query_of_form(const ResourcePages& pages, std::string_view raw_query);

}  // namespace troupe::http
