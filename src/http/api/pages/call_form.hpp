#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/server/exchange.hpp"
#include "http/server/response.hpp"
#include "support/field_fault.hpp"

namespace troupe::http {

/// Appends the form that gives the query's parameters, filled with what the request gave. It works without a
/// script. Nothing for a query without parameters, or one that is not asked for with GET.
void append_call_form(const Exchange& exchange, std::string& out);

/// The page of a query that was not called: its form, and what is wrong with what the request gave.
Response call_form_page(const Exchange& exchange, int status, const std::vector<FieldFault>& faults);

/// 303 to what a request means that the form has sent: the same without the mark, and without parameters
/// that were left empty and may be left out. Nothing: it comes from elsewhere.
std::optional<Response> redirect_call_form(const Exchange& exchange);

}  // namespace troupe::http
