#include "http/api/endpoints/endpoints.hpp"
#include "http/api/endpoints/row_parts.hpp"
#include "http/api/row_key.hpp"
#include "schema/row_writer.hpp"

namespace troupe::http {

Step begin_create_rows(Exchange& exchange, const ServerContext&) {
  if (auto refused = choose_format(exchange)) return std::move(*refused);
  const auto format = body_format(exchange);
  if (const auto* refused = std::get_if<Response>(&format)) return *refused;
  auto read =
      rows_or_response(exchange, schema::read_new_rows(resource_of(exchange), std::get<ContentFormat>(format),
                                                       exchange.request.body, exchange.endpoint->max_rows));
  if (auto* refused = std::get_if<Response>(&read)) return std::move(*refused);
  auto& rows = std::get<schema::BodyRows>(read);
  exchange.array = rows.array;
  if (rows.count == 0) return rows_response(exchange, 201, exchange.endpoint->resource->shape, {});
  auto command = command_of(exchange, actors::CommandKind::create, std::move(rows.elements));
  command.rows = static_cast<std::uint32_t>(rows.count);
  return command;
}

Response finish_create_rows(Exchange& exchange, const actors::Outcome& outcome) {
  const auto& answer = std::get<actors::RowAnswer>(outcome);
  if (exchange.array) return rows_response(exchange, 201, exchange.endpoint->resource->shape, answer);
  auto response = row_response(exchange, 201, answer);
  const auto& resource = resource_of(exchange);
  if (resource.key.empty()) return response;
  response.fields += "Location: " + row_path(resource, answer) + "\r\n";
  return response;
}

}  // namespace troupe::http
