// What a list is asked for: filters, orders, cursors; and the keys in paths.
#include <algorithm>
#include <numeric>

#include "fuzz/fuzz_tables.hpp"
#include "fuzz/fuzz_target.hpp"
#include "http/api/cursor.hpp"
#include "http/api/list_params.hpp"
#include "http/api/row_key.hpp"
#include "postgres/catalogue/list_statement.hpp"
#include "schema/element.hpp"

namespace troupe::fuzz {
namespace {

std::string fault_of_filter(const schema::Resource& resource, const schema::Filter& filter) {
  if (filter.place >= resource.columns.size()) return "a filter by no column";
  if (filter.lookup == schema::Lookup::isnull) return filter.elements.empty() ? "" : "isnull with a value";
  using enum schema::Lookup;
  const bool text = filter.lookup == contains || filter.lookup == icontains || filter.lookup == startswith;
  if (!text)
    return fault_of_elements(resource, filter.elements, std::vector(filter.count, filter.place), 0, 1);
  schema::Column any_text;
  any_text.name = resource.columns[filter.place].name;
  std::string_view elements = filter.elements;
  if (elements.size() < schema::element_header || schema::element_size(elements.data()) != elements.size())
    return "a text that is no element";
  return fault_of_value(any_text, schema::take_element(elements).value_or(""));
}

std::string try_list(std::string_view input) {
  const auto& resource = tables()[take_choice(input, tables().size())]->resource;
  const std::string raw(input);  // as a request's is, and Boost.URL wants: it looks for the zero behind it
  const auto query = http::parse_list_params(resource, raw);
  if (!query) return query.error().faults.empty() ? fault_of_message(query.error().detail) : "";
  for (const auto& filter : query->filters) {
    if (auto fault = fault_of_filter(resource, filter); !fault.empty()) return fault;
  }
  if (query->after) {
    std::vector<std::size_t> places;
    for (const auto& term : query->order) places.push_back(term.place);
    if (auto fault = fault_of_elements(resource, *query->after, places, 0, 1); !fault.empty()) return fault;
  }
  if (query->limit < 0 || query->limit > resource.max_limit || query->offset < 0) return "beyond the limits";
  postgres::Params params;
  const auto statement = postgres::list_statement(resource, *query, params);
  return statement.statement.sql.empty() ? "a list without a statement" : "";
}

std::string try_cursor(std::string_view input) {
  const auto& resource = tables()[take_choice(input, tables().size())]->resource;
  std::vector<schema::OrderTerm> order;
  for (auto terms = 1 + take_choice(input, 4); terms > 0; --terms)
    order.push_back({take_choice(input, resource.columns.size()), terms % 2 == 0});
  const auto elements = http::read_cursor(resource, order, input);
  if (!elements) return {};
  std::vector<std::size_t> places;
  for (const auto& term : order) places.push_back(term.place);
  if (auto fault = fault_of_elements(resource, *elements, places, 0, 1); !fault.empty()) return fault;
  const auto again = http::read_cursor(resource, order, http::write_cursor(resource, order, *elements));
  return again == elements ? "" : "the cursor written again is another one";
}

std::string try_key(std::string_view input) {
  const auto& resource = tables()[take_choice(input, 3)]->resource;
  const auto segments = std::ranges::count(input, '/') + 1;
  if (static_cast<std::size_t>(segments) != resource.key.size()) return {};  // the router counts them
  http::key_text(resource, input);
  const auto elements = http::key_elements(resource, input);
  return elements ? fault_of_elements(resource, *elements, resource.key, 0, 1) : "";
}

const Register list_target({"list_query",
                            try_list,
                            {"&", "=", "%00", "%ff", "+", "__in=", "__isnull=true",
                             "__contains=", "order=", "-", ",", "limit=", "offset=", "after=", "count=true",
                             "fields=", "id", "money", "moods"}});
const Register cursor_target({"cursor",
                              try_cursor,
                              {"ffffffff", "00000008", "0000000400000001", "00000000"}});
const Register key_target({"row_key", try_key, {"/", "%2F", "%00", "%", "1", "2024-01-01", "\xc3\xa4"}});

}  // namespace
}  // namespace troupe::fuzz
