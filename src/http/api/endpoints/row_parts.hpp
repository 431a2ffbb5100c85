#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "http/api/negotiation.hpp"
#include "http/api/row_version.hpp"
#include "http/server/exchange.hpp"
#include "http/server/response.hpp"
#include "http/server/router.hpp"
#include "schema/body.hpp"
#include "schema/row_writer.hpp"

// What the endpoints of a resource share: reading rows from a request, writing them into a response.

namespace troupe::http {

/// The resource that the exchange is about.
const schema::Resource& resource_of(const Exchange& exchange);

/// A command of the exchange's resource.
actors::Command command_of(const Exchange& exchange, actors::CommandKind kind, std::string elements);

/// The form of the body; the response is 415.
std::variant<ContentFormat, Response> body_format(const Exchange& exchange);

/// Notes in the exchange whether one of the faults is a label that an enumeration does not have.
void note_unknown_label(Exchange& exchange, const std::vector<FieldFault>& faults);

/// The result of a body's reader: its rows, or the response that says what is wrong with it.
std::variant<schema::BodyRows, Response> rows_or_response(Exchange& exchange,
                                                          schema::BodyResult<schema::BodyRows> rows);

/// Reads a body of one row: `read` is schema::read_replacement or read_change; the response is 415, 400 or
/// 422.
std::variant<schema::BodyRows, Response> read_row_body(
    Exchange& exchange,
    schema::BodyResult<schema::BodyRows> (*read)(const schema::Resource&, ContentFormat, std::string_view));

/// What begins every change of a row: its key as elements, or the response: 404, 412 or 428.
struct RowToChange {
  std::string key;
  Precondition precondition;
};
std::variant<RowToChange, Response> row_to_change(const Exchange& exchange);

/// The columns that the parameter `fields` of a request for one row names, by place (none: it asks for all),
/// or the response: 400.
std::variant<std::vector<std::size_t>, Response> fields_of(const Exchange& exchange);

/// The answer's entity tag; empty where rows have none.
std::string tag_of(const Exchange& exchange, const actors::RowAnswer& answer,
                   const std::vector<std::size_t>& fields = {});

/// A response with one row in the exchange's format, and its entity tag where rows have one. `fields`: places
/// of the columns to show; empty: all.
Response row_response(const Exchange& exchange, int status, const actors::RowAnswer& answer,
                      const std::vector<std::size_t>& fields = {});

/// The answer's first row in the exchange's format, without an entity tag.
Response one_row_response(const Exchange& exchange, int status, const schema::RowShape& shape,
                          const actors::RowAnswer& answer);

/// The answer's rows as an array; without any, an empty one.
Response rows_response(const Exchange& exchange, int status, const schema::RowShape& shape,
                       const actors::RowAnswer& answer);

/// Where the answer's row is to be found.
std::string row_path(const schema::Resource& resource, const actors::RowAnswer& answer);

/// 404 for the key of the exchange.
Response no_such_row(const Exchange& exchange);

}  // namespace troupe::http
