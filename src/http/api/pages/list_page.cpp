#include "http/api/pages/list_page.hpp"

#include <algorithm>
#include <initializer_list>
#include <numeric>
#include <utility>

#include "http/api/list_params.hpp"
#include "http/api/lookups.hpp"
#include "http/api/pages/filter_form.hpp"
#include "http/api/pages/html.hpp"
#include "http/api/pages/page_frame.hpp"
#include "http/api/pages/resource_pages.hpp"
#include "http/api/pages/rows_table.hpp"
#include "http/api/query_string.hpp"
#include "http/server/router.hpp"

namespace troupe::http {
namespace {

using actors::ListAnswer;
using schema::Column;

/// The query without what these names say.
std::string query_without(const Parameters& parameters, std::initializer_list<std::string_view> names) {
  std::string query;
  for (const auto& [name, value] : parameters) {
    if (std::ranges::find(names, name) == names.end()) append_parameter(name, value, query);
  }
  return query;
}

void append_link(std::string_view query, std::string_view words, std::string& out,
                 std::string_view more = {}) {
  out += "<a href=\"?";
  append_html(query, out);
  out.append("\"").append(more).append(">");
  append_html(words, out);
  out += "</a>";
}

/// One list's page in the making.
class ListPage {
 public:
  ListPage(const Exchange& exchange, const ListAnswer& answer)
      : exchange_(exchange),
        pages_(*exchange.endpoint->pages),
        resource_(pages_.resource()),
        answer_(answer),
        parameters_(parse_query_string(exchange.request.query).value_or(Parameters{})) {}

  std::string make() const {
    std::string out;
    begin_page(resource_.name, {{resource_.path, resource_.name}}, out);
    append_heading(resource_.name, resource_.comment, out);
    append_filter_form(pages_, parameters_, out);
    out += pages_.create_form;
    pager(out);
    append_table(
        columns(), answer_.rows(), [this](int row, std::size_t i) { return answer_.cell(row, i); }, out);
    if (answer_.rows() == 0) out += "<p class=none>There are no such rows.</p>\n";
    if (answer_.rows() > long_page) pager(out);
    out += "<details class=tool><summary>As a program asks for it</summary>";
    const auto& request = exchange_.request;
    append_curl(exchange_.base_url(), request.path + (request.query.empty() ? "" : '?' + request.query), out);
    out += "</details>\n";
    end_page(out);
    return out;
  }

 private:
  static constexpr int long_page = 20;  ///< rows, behind which the pager stands once more

  /// Which cell of a row is the column's; nothing: it is not among them.
  std::optional<std::size_t> cell_of(std::size_t place) const {
    const auto found = std::ranges::find(answer_.shown(), place);
    if (found == answer_.shown().end()) return std::nullopt;
    return static_cast<std::size_t>(found - answer_.shown().begin());
  }

  std::optional<RowLink> link_to(const std::string& path, const std::vector<std::size_t>& places) const {
    RowLink link{path};
    for (const auto place : places) {
      const auto cell = cell_of(place);
      if (!cell) return std::nullopt;
      link.segments.push_back({&resource_.columns[place], *cell});
    }
    return link;
  }

  std::vector<TableColumn> columns() const {
    auto places = answer_.query().fields;
    if (places.empty()) {
      places.resize(resource_.columns.size());
      std::iota(places.begin(), places.end(), std::size_t{0});
    }
    const auto own = resource_.methods.read && !resource_.key.empty() ? link_to(resource_.path, resource_.key)
                                                                      : std::nullopt;
    const bool by_key =
        own && resource_.key.size() == 1 && std::ranges::find(places, resource_.key.front()) != places.end();
    std::vector<TableColumn> columns;
    if (own && !by_key) columns.push_back({nullptr, 0, {}, own});
    for (const auto place : places) {
      const auto& foreign = pages_.links[place];
      auto link = foreign ? link_to(foreign->path, foreign->places) : std::nullopt;
      if (by_key && place == resource_.key.front()) link = own;
      const auto& column = resource_.columns[place];
      columns.push_back({&column, cell_of(place).value_or(0), head(column, place), std::move(link)});
    }
    return columns;
  }

  std::string head(const Column& column, std::size_t place) const {
    if (!may_order(resource_, column)) return html_of(column.name);
    const auto& order = answer_.query().order;
    const bool active = !order.empty() && order.front().place == place;
    const bool descending = active && order.front().descending;
    auto query = unordered_;
    append_parameter("order", (active && !descending ? "-" : "") + column.name, query);
    std::string out;
    append_link(query, column.name, out);
    if (active) out += descending ? " <span title=descending>▼</span>" : " <span title=ascending>▲</span>";
    return out;
  }

  void pager(std::string& out) const {
    const auto& query = answer_.query();
    out +=
        "<p class=pager><span>" + std::to_string(answer_.rows()) + (answer_.rows() == 1 ? " row" : " rows");
    if (query.offset > 0) out += " from the " + std::to_string(query.offset + 1) + ". on";
    if (const auto total = answer_.total()) out += " of " + std::to_string(*total);
    out += answer_.more() ? ", more follow</span>" : "</span>";
    if (query.after || query.offset > 0) {
      out += ' ';
      append_link(query_without(parameters_, {"after", "offset"}), "first", out, " rel=first");
    }
    if (query.offset > 0) {
      auto before = query_without(parameters_, {"after", "offset"});
      append_parameter("offset", std::to_string(std::max<std::int64_t>(query.offset - query.limit, 0)),
                       before);
      out += ' ';
      append_link(before, "previous", out, " rel=prev");
    }
    if (answer_.more()) {
      const auto next =
          next_link_query(resource_, exchange_.request.query, answer_, exchange_.endpoint->max_offset);
      out += ' ';
      if (!next.empty()) append_link(next, "next", out, " rel=next");
    }
    out += "</p>\n";
  }

  const Exchange& exchange_;
  const ResourcePages& pages_;
  const schema::Resource& resource_;
  const ListAnswer& answer_;
  const Parameters parameters_;
  const std::string unordered_ = query_without(parameters_, {"order", "after", "offset"});
};

}  // namespace

Response list_page(const Exchange& exchange, const ListAnswer& answer) {
  const auto& request = exchange.request;
  const auto asked = request.host + ' ' + request.path + '?' + request.query;
  return {200, page_content_type, std::string(page_fields()), {}, answer.text(asked, [&] {
            return ListPage(exchange, answer).make();
          })};
}

std::optional<Response> redirect_form(const Exchange& exchange) {
  const auto& pages = *exchange.endpoint->pages;
  const auto query = query_of_form(pages, exchange.request.query);
  if (!query) return std::nullopt;
  const auto& path = pages.resource().path;
  return Response{
      303, {}, "Vary: Accept\r\nLocation: " + path + (query->empty() ? "" : '?' + *query) + "\r\n", {}};
}

}  // namespace troupe::http
