#include "http/api/endpoints/row_parts.hpp"

#include <algorithm>

#include "http/api/list_params.hpp"
#include "http/api/pages/resource_pages.hpp"
#include "http/api/pages/row_page.hpp"
#include "http/api/row_key.hpp"
#include "http/api/row_problems.hpp"
#include "http/server/problem.hpp"
#include "http/server/spare_memory.hpp"
#include "schema/row_writer.hpp"

namespace troupe::http {
namespace {

// Bytes that an answer has room for at once; who is longer grows as it goes.
constexpr std::size_t usual_fields = 64;
constexpr std::size_t usual_row = 256;

/// 415; to a PATCH with what it may be (RFC 5789 section 2.2).
Response no_such_type(const Exchange& exchange) {
  auto response = response_of(unsupported_media_type());
  if (exchange.request.method == Method::patch)
    response.fields +=
        "Accept-Patch: application/json, application/merge-patch+json, application/msgpack\r\n";
  return response;
}

/// With the field, where the row has a tag.
Response with_tag(Response response, std::string_view tag) {
  if (!tag.empty()) response.fields.append("ETag: ").append(tag).append("\r\n");
  return response;
}

}  // namespace

const schema::Resource& resource_of(const Exchange& exchange) {
  return exchange.endpoint->resource->resource;
}

actors::Command command_of(const Exchange& exchange, actors::CommandKind kind, std::string elements) {
  return {{}, kind, 1, exchange.endpoint->resource, std::move(elements), {}};
}

std::variant<ContentFormat, Response> body_format(const Exchange& exchange) {
  const auto& request = exchange.request;
  // No body is of no type: the reader says that there is none.
  const auto format = request.body.empty() && request.content_type.empty()
                          ? std::optional(ContentFormat::json)
                          : read_format(request.content_type);
  // A coded body (RFC 9110 section 8.4) is another media type to us: we decode none.
  if (!format || !request.content_encoding.empty()) return no_such_type(exchange);
  return *format;
}

void note_unknown_label(Exchange& exchange, const std::vector<FieldFault>& faults) {
  exchange.unknown_label = std::ranges::find(faults, "enum", &FieldFault::type) != faults.end();
}

std::variant<schema::BodyRows, Response> rows_or_response(Exchange& exchange,
                                                          schema::BodyResult<schema::BodyRows> rows) {
  if (rows) return std::move(*rows);
  note_unknown_label(exchange, rows.error().faults);
  return response_of(problem_of(resource_of(exchange), rows.error()));
}

std::variant<schema::BodyRows, Response> read_row_body(
    Exchange& exchange,
    schema::BodyResult<schema::BodyRows> (*read)(const schema::Resource&, ContentFormat, std::string_view)) {
  const auto format = body_format(exchange);
  if (const auto* refused = std::get_if<Response>(&format)) return *refused;
  return rows_or_response(
      exchange, read(resource_of(exchange), std::get<ContentFormat>(format), exchange.request.body));
}

std::variant<RowToChange, Response> row_to_change(const Exchange& exchange) {
  const auto& resource = resource_of(exchange);
  auto key = key_elements(resource, exchange.key());
  if (!key) return no_such_row(exchange);
  RowToChange row{std::move(*key), precondition_of(exchange.request)};
  const bool unversioned = row.precondition.versions && !resource.has_xmin;  // its rows never had a tag
  if (row.precondition.impossible || unversioned) return response_of(precondition_failed(resource));
  if (resource.require_match && row.precondition.none && !row.precondition.must_be_new)
    return response_of(precondition_required(resource));
  return row;
}

std::variant<std::vector<std::size_t>, Response> fields_of(const Exchange& exchange) {
  if (exchange.request.query.empty()) return std::vector<std::size_t>{};
  auto fields = parse_row_params(resource_of(exchange), exchange.request.query);
  if (!fields) return response_of(problem_of(resource_of(exchange), fields.error()));
  return std::move(*fields);
}

std::string tag_of(const Exchange& exchange, const actors::RowAnswer& answer,
                   const std::vector<std::size_t>& fields) {
  const auto& served = *exchange.endpoint->resource;
  if (!served.resource.has_xmin) return {};
  const auto xmin = answer.first_column + static_cast<int>(served.resource.columns.size());
  const auto form = exchange.page ? 'h' + exchange.endpoint->pages->id
                                  : std::string(exchange.format == ContentFormat::json ? "j" : "m");
  return entity_tag(answer.rows->text(answer.row, xmin), form, served.columns_id, fields);
}

Response row_response(const Exchange& exchange, int status, const actors::RowAnswer& answer,
                      const std::vector<std::size_t>& fields) {
  const auto& served = *exchange.endpoint->resource;
  const auto tag = tag_of(exchange, answer, fields);
  if (exchange.page) {
    const auto path = served.resource.key.empty() ? std::string() : row_path(served.resource, answer);
    return with_tag(row_page(exchange, status, answer, path, tag, fields), tag);
  }
  auto& spare = spare_memory();
  Response response{status, exchange.content_type, spare.borrow(), spare.borrow(), {}};
  response.fields.reserve(usual_fields);
  response.fields = "Vary: Accept\r\n";
  response.body.reserve(usual_row);
  const auto cell = [&](std::size_t column) {
    return answer.rows->cell(answer.row, answer.first_column + static_cast<int>(column));
  };
  if (fields.empty()) {
    served.shape.write(exchange.format, cell, response.body);
  } else {
    schema::RowShape(served.resource, fields)
        .write(
            exchange.format, [&](std::size_t i) { return cell(fields[i]); }, response.body);
  }
  return with_tag(std::move(response), tag);
}

Response one_row_response(const Exchange& exchange, int status, const schema::RowShape& shape,
                          const actors::RowAnswer& answer) {
  if (exchange.page) return rows_page(exchange, status, shape, answer);
  Response response{status, exchange.content_type, "Vary: Accept\r\n", {}, {}};
  response.body.reserve(usual_row);
  shape.write(
      exchange.format,
      [&](std::size_t i) { return answer.rows->cell(answer.row, answer.first_column + static_cast<int>(i)); },
      response.body);
  return response;
}

Response rows_response(const Exchange& exchange, int status, const schema::RowShape& shape,
                       const actors::RowAnswer& answer) {
  if (exchange.page) return rows_page(exchange, status, shape, answer);
  Response response{status, exchange.content_type, "Vary: Accept\r\n", {}, {}};
  const auto count = answer.rows == nullptr ? 0 : answer.count;
  schema::begin_array(exchange.format, static_cast<std::size_t>(count), response.body);
  for (int i = 0; i < count; ++i) {
    if (exchange.format == ContentFormat::json && i > 0) response.body += ',';
    const auto cell = [&](std::size_t column) {
      return answer.rows->cell(answer.row + i, answer.first_column + static_cast<int>(column));
    };
    shape.write(exchange.format, cell, response.body);
  }
  if (exchange.format == ContentFormat::json) response.body += ']';
  return response;
}

std::string row_path(const schema::Resource& resource, const actors::RowAnswer& answer) {
  auto path = resource.path;
  for (const auto place : resource.key) {
    if (path.back() != '/') path += '/';
    append_segment(resource.columns[place],
                   answer.rows->cell(answer.row, answer.first_column + static_cast<int>(place)), path);
  }
  return path;
}

Response no_such_row(const Exchange& exchange) {
  const auto& resource = resource_of(exchange);
  return response_of(
      not_found("there is no " + resource.singular + " with " + key_text(resource, exchange.key())));
}

}  // namespace troupe::http
