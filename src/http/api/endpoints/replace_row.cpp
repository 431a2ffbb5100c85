#include "http/api/endpoints/endpoints.hpp"
#include "http/api/endpoints/row_parts.hpp"
#include "http/api/row_problems.hpp"
#include "schema/element.hpp"
#include "schema/masks.hpp"

namespace troupe::http {
namespace {

using actors::CommandKind;

/// The key and the values of the other columns as a new row's elements: masks and values of `insertable()`.
std::string new_row(const schema::Resource& resource, std::string_view key, std::string_view values) {
  const auto& insertable = resource.insertable();
  const auto given = schema::Masks::take(resource.updatable().size(), values);
  schema::Masks masks(insertable.size());
  std::vector<std::string_view> keys(resource.columns.size());
  for (const auto place : resource.key) {
    keys[place] = key.substr(0, schema::element_size(key.data()));
    key.remove_prefix(keys[place].size());
  }
  std::string elements;
  std::size_t other = 0;
  for (std::size_t i = 0; i < insertable.size(); ++i) {
    const bool is_key = resource.is_key(insertable[i]);
    if (is_key || given.has(other)) masks.add(i);
    const auto size = is_key ? 0 : schema::element_size(values.data());
    elements += is_key ? keys[insertable[i]] : values.substr(0, size);
    values.remove_prefix(size);
    if (!is_key) ++other;
  }
  std::string row;
  masks.append_to(row);
  return row + elements;
}

}  // namespace

Step begin_replace_row(Exchange& exchange, const ServerContext&) {
  if (auto refused = choose_format(exchange)) return std::move(*refused);
  auto row = row_to_change(exchange);
  if (auto* refused = std::get_if<Response>(&row)) return std::move(*refused);
  auto& [key, precondition] = std::get<RowToChange>(row);
  auto body = read_row_body(exchange, &schema::read_replacement);
  if (auto* refused = std::get_if<Response>(&body)) return std::move(*refused);
  const auto& values = std::get<schema::BodyRows>(body).elements;
  const auto& resource = resource_of(exchange);
  if (precondition.must_be_new) {
    if (!resource.client_key) return command_of(exchange, CommandKind::read, std::move(key));
    return command_of(exchange, CommandKind::create, new_row(resource, key, values));
  }
  if (resource.client_key && precondition.none) return command_of(exchange, CommandKind::put, key + values);
  if (resource.has_xmin) append_versions(precondition, key);
  return command_of(exchange, CommandKind::replace, key + values);
}

Response finish_replace_row(Exchange& exchange, const actors::Outcome& outcome) {
  const auto* answer = std::get_if<actors::RowAnswer>(&outcome);
  const bool must_be_new = precondition_of(exchange.request).must_be_new;
  if (answer == nullptr || !must_be_new || !resource_of(exchange).client_key)
    return finish_change_row(exchange, outcome);
  return row_response(exchange, 201, *answer);
}

Problem refused_replacement(const Exchange& exchange, const actors::Failure& failure) {
  const auto& resource = resource_of(exchange);
  const bool must_be_new = precondition_of(exchange.request).must_be_new;
  if (must_be_new && is_about_key(resource, failure)) return precondition_failed(resource);
  return refused_write(resource, failure);
}

}  // namespace troupe::http
