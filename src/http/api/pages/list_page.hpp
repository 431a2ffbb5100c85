#pragma once

#include <optional>

#include "actors/database/list_answer.hpp"
#include "http/server/exchange.hpp"
#include "http/server/response.hpp"

namespace troupe::http {

/// A list as a page: the table, and forms that ask for another list or make a row. Made once for all who
/// share the answer and asked with the same words.
Response list_page(const Exchange& exchange, const actors::ListAnswer& answer);

/// Where a query leads that the page's form has sent: 303 to the list that it means.
std::optional<Response> redirect_form(const Exchange& exchange);

}  // namespace troupe::http
