#include "http/api/endpoints/endpoints.hpp"
#include "http/api/negotiation.hpp"
#include "http/api/pages/index_page.hpp"
#include "http/api/pages/page_frame.hpp"
#include "schema/transcode.hpp"

namespace troupe::http {

Step begin_index(Exchange& exchange, const ServerContext&) {
  if (auto refused = choose_format(exchange, AnswerForms::with_pages)) return std::move(*refused);
  const auto* router = exchange.router;
  if (exchange.page)
    return Response{200, page_content_type, std::string(page_fields()), index_page(*router, exchange.roles)};
  Response response{200, exchange.content_type, "Vary: Accept\r\n", {}};
  const auto json =
      index_json(*router, exchange.request.host.empty() ? "" : exchange.base_url(), exchange.roles);
  if (exchange.format == ContentFormat::json)
    response.body = json;
  else
    schema::append_json_as_msgpack(json, response.body);
  return response;
}

}  // namespace troupe::http
