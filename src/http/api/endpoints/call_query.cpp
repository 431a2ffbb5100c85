#include "http/api/call_params.hpp"
#include "http/api/endpoints/endpoints.hpp"
#include "http/api/endpoints/row_parts.hpp"
#include "http/api/pages/call_form.hpp"
#include "http/api/row_problems.hpp"

namespace troupe::http {
namespace {

const schema::Query& query_of(const Exchange& exchange) {
  return exchange.endpoint->query->query;
}

actors::Command call_of(const Exchange& exchange, actors::CommandKind kind, std::string elements) {
  return {{}, kind, 1, {}, std::move(elements), {}, exchange.endpoint->query};
}

Response refusal(Exchange& exchange, const schema::BodyError& error) {
  note_unknown_label(exchange, error.faults);
  return response_of(problem_of(query_of(exchange).parameters, error));
}

}  // namespace

Step begin_call_query(Exchange& exchange, const ServerContext&) {
  if (auto refused = choose_format(exchange)) return std::move(*refused);
  if (exchange.page) {
    if (auto redirect = redirect_call_form(exchange)) return std::move(*redirect);
  }
  auto elements = parse_call_params(query_of(exchange), exchange.request.query);
  if (!elements && exchange.page && exchange.request.query.empty()) return call_form_page(exchange, 200, {});
  if (!elements && exchange.page && !elements.error().faults.empty())
    return call_form_page(exchange, 400, elements.error().faults);
  if (!elements) return refusal(exchange, elements.error());
  return call_of(exchange, actors::CommandKind::call, std::move(*elements));
}

Step begin_call_writing_query(Exchange& exchange, const ServerContext&) {
  if (auto refused = choose_format(exchange)) return std::move(*refused);
  const auto format = body_format(exchange);
  if (const auto* refused = std::get_if<Response>(&format)) return *refused;
  const auto& query = query_of(exchange);
  // Who has nothing to give need not say so.
  const bool empty = query.parameters.columns.empty() && exchange.request.body.empty();
  auto elements = schema::read_call(query, std::get<ContentFormat>(format),
                                    empty ? std::string_view("{}") : std::string_view(exchange.request.body));
  if (!elements) return refusal(exchange, elements.error());
  return call_of(exchange, actors::CommandKind::write_call, std::move(*elements));
}

Response finish_call_query(Exchange& exchange, const actors::Outcome& outcome) {
  const auto& query = query_of(exchange);
  const auto* answer = std::get_if<actors::RowAnswer>(&outcome);
  if (answer == nullptr) return Response{204, {}, {}, {}, {}};  // it gives no rows
  const auto& shape = exchange.endpoint->query->shape;
  if (!query.one) {
    // What was written has been written, however many rows tell of it.
    if (!query.write && answer->count > query.max_rows)
      return response_of(plain_problem(422, "the query gives more than " + std::to_string(query.max_rows) +
                                                " rows: narrow it by its parameters"));
    return rows_response(exchange, 200, shape, *answer);
  }
  if (answer->count == 0) return response_of(not_found("the query " + query.name + " gives no row for this"));
  return one_row_response(exchange, 200, shape, *answer);
}

Problem refused_call(const Exchange& exchange, const actors::Failure& failure) {
  return refused_write(query_of(exchange).parameters, failure);
}

}  // namespace troupe::http
