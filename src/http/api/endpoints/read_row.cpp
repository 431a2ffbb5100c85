#include "http/api/endpoints/endpoints.hpp"
#include "http/api/endpoints/row_parts.hpp"
#include "http/api/row_key.hpp"
#include "http/api/row_problems.hpp"

namespace troupe::http {

Step begin_read_row(Exchange& exchange, const ServerContext&) {
  if (auto refused = choose_format(exchange)) return std::move(*refused);
  auto fields = fields_of(exchange);
  if (auto* refused = std::get_if<Response>(&fields)) return std::move(*refused);
  auto key = key_elements(resource_of(exchange), exchange.key());
  if (!key) return no_such_row(exchange);
  return command_of(exchange, actors::CommandKind::read, std::move(*key));
}

Response finish_read_row(Exchange& exchange, const actors::Outcome& outcome) {
  const auto* answer = std::get_if<actors::RowAnswer>(&outcome);
  if (answer == nullptr) return no_such_row(exchange);
  const auto fields = std::get<std::vector<std::size_t>>(fields_of(exchange));  // found valid before
  auto response = row_response(exchange, 200, *answer, fields);
  const auto& known = exchange.request.if_none_match;
  if (known.empty() || !resource_of(exchange).has_xmin ||
      !names_tag(known, tag_of(exchange, *answer, fields)))
    return response;
  return {304, {}, std::move(response.fields), {}, {}};
}

Problem refused_read_of_row(const Exchange& exchange, const actors::Failure& failure) {
  if (failure.kind == actors::Failure::Kind::forbidden) return refused_read(failure);
  // A key that PostgreSQL cannot read (a label that there is not, a number beyond its type) is no row's.
  const auto& resource = resource_of(exchange);
  return not_found("there is no " + resource.singular + " with " + key_text(resource, exchange.key()));
}

}  // namespace troupe::http
