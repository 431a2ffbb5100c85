#include "http/api/pages/call_form.hpp"

#include <algorithm>
#include <string_view>

#include "http/api/pages/html.hpp"
#include "http/api/pages/page_frame.hpp"
#include "http/api/query_string.hpp"
#include "http/server/router.hpp"

namespace troupe::http {
namespace {

using schema::Query;
using Parameters = std::vector<QueryParameter>;

const Query& query_of(const Exchange& exchange) {
  return exchange.endpoint->query->query;
}

Parameters given_of(const Exchange& exchange) {
  return parse_query_string(exchange.request.query).value_or(Parameters{});
}

/// A name that no parameter of the query has: it marks what the form has sent.
std::string mark_of(const Query& query) {
  std::string mark = "form";
  while (query.parameters.find(mark)) mark += '_';
  return mark;
}

void append_input(const Query& query, std::size_t place, const Parameters& given, std::string& out) {
  const auto& column = query.parameters.columns[place];
  const auto found = std::ranges::find(given, column.name, &QueryParameter::name);
  const bool required = query.defaults[place].empty();
  out += "<label><span>";
  append_html(column.name, out);
  out += " <small>";
  append_html(column.type.declared, out);
  out += "</small></span><input name=\"";
  append_html(column.name, out);
  out += "\" value=\"";
  if (found != given.end()) append_html(found->value, out);
  out += required ? "\" required></label> " : "\" placeholder=\"may be left out\"></label> ";
}

}  // namespace

void append_call_form(const Exchange& exchange, std::string& out) {
  const auto& query = query_of(exchange);
  const auto& columns = query.parameters.columns;
  if (columns.empty() || query.write) return;
  const auto given = given_of(exchange);
  out += "<form class=filters method=get>\n<input type=hidden name=\"" + mark_of(query) + "\" value=1>";
  for (std::size_t place = 0; place < columns.size(); ++place) append_input(query, place, given, out);
  out += "<p class=send><button>Ask</button></p></form>\n";
}

Response call_form_page(const Exchange& exchange, int status, const std::vector<FieldFault>& faults) {
  const auto& query = query_of(exchange);
  Response response{status, page_content_type, std::string(page_fields()), {}};
  auto& out = response.body;
  begin_page(query.name, {{exchange.endpoint->path, query.name}}, out);
  append_heading(query.name, query.comment, out);
  if (!faults.empty()) out += "<ul class=faults>";
  for (const auto& fault : faults) {
    out += "<li>";
    append_html(fault.msg, out);
  }
  if (!faults.empty()) out += "</ul>\n";
  append_call_form(exchange, out);
  end_page(out);
  return response;
}

std::optional<Response> redirect_call_form(const Exchange& exchange) {
  const auto& query = query_of(exchange);
  const auto mark = mark_of(query);
  const auto given = given_of(exchange);
  if (std::ranges::find(given, mark, &QueryParameter::name) == given.end()) return std::nullopt;
  std::string meant;
  for (const auto& [name, value] : given) {
    if (name == mark) continue;
    const auto place = query.parameters.find(name);
    const bool left_out = value.empty() && place && !query.defaults[*place].empty();
    if (!left_out) append_parameter(name, value, meant);
  }
  const auto& path = exchange.endpoint->path;
  return Response{
      303, {}, "Vary: Accept\r\nLocation: " + path + (meant.empty() ? "" : '?' + meant) + "\r\n", {}};
}

}  // namespace troupe::http
