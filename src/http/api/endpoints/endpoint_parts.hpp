#pragma once

#include <variant>

#include "http/api/item_problems.hpp"
#include "http/api/negotiation.hpp"
#include "http/server/exchange.hpp"
#include "http/server/response.hpp"
#include "items/codec.hpp"

// What the endpoints share: reading an item from a request, writing one into a response.

namespace troupe::http {

/// 415; to a PATCH with what it may be (RFC 5789 section 2.2).
Response no_such_type(const Exchange& exchange);

/// Reads the body with `read` (items::read_new_item or read_item_change); the response is 415, 400 or 422.
template <class T>
std::variant<T, Response> read_body(const Exchange& exchange,
                                    items::BodyResult<T> (*read)(ContentFormat, std::string_view)) {
  const auto& request = exchange.request;
  // No body is of no type: the reader says that there is none.
  const auto format = request.body.empty() && request.content_type.empty()
                          ? std::optional(ContentFormat::json)
                          : read_format(request.content_type);
  // A coded body (RFC 9110 section 8.4) is another media type to us: we decode none.
  if (!format || !request.content_encoding.empty()) return no_such_type(exchange);
  auto value = read(*format, request.body);
  if (!value) return response_of(problem_of(value.error()));
  return std::move(*value);
}

/// A response with the item in the exchange's format.
Response item_response(const Exchange& exchange, int status, const items::Item& item);

/// 404 for the id of the exchange.
Response no_such_item(const Exchange& exchange);

}  // namespace troupe::http
