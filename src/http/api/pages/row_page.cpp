#include "http/api/pages/row_page.hpp"

#include <numeric>
#include <utility>

#include "http/api/pages/call_form.hpp"
#include "http/api/pages/html.hpp"
#include "http/api/pages/page_frame.hpp"
#include "http/api/pages/resource_pages.hpp"
#include "http/api/pages/row_form.hpp"
#include "http/api/pages/rows_table.hpp"
#include "http/api/pages/value_html.hpp"
#include "http/api/query_string.hpp"
#include "http/server/router.hpp"

namespace troupe::http {
namespace {

using actors::RowAnswer;

/// All of the columns, or those that were asked for.
std::vector<std::size_t> places_of(const schema::Resource& resource, std::span<const std::size_t> fields) {
  std::vector<std::size_t> places(fields.begin(), fields.end());
  if (!places.empty()) return places;
  places.resize(resource.columns.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  return places;
}

/// One row's page in the making.
class RowPage {
 public:
  RowPage(const Exchange& exchange, const RowAnswer& answer, std::string_view path, std::string_view tag,
          std::span<const std::size_t> fields)
      : exchange_(exchange),
        pages_(*exchange.endpoint->pages),
        resource_(pages_.resource()),
        answer_(answer),
        path_(path),
        tag_(tag),
        places_(places_of(resource_, fields)) {}

  std::string make() const {
    std::string out;
    const auto key = key_words();
    const auto title = key.empty() ? resource_.name : resource_.name + ' ' + key;
    if (path_.empty())
      begin_page(title, {{resource_.path, resource_.name}}, out);
    else
      begin_page(title, {{resource_.path, resource_.name}, {path_, key}}, out);
    append_heading(title, {}, out);
    values(out);
    referrers(out);
    if (!path_.empty())
      append_row_forms(resource_, {path_, tag_, places_, [this](std::size_t place) { return cell(place); }},
                       out);
    json(out);
    end_page(out);
    return out;
  }

 private:
  schema::Cell cell(std::size_t place) const {
    return answer_.rows->cell(answer_.row, answer_.first_column + static_cast<int>(place));
  }

  std::string key_words() const {
    std::string words;
    for (const auto place : resource_.key) {
      if (!words.empty()) words += " / ";
      if (const auto value = cell(place)) words += value_text(resource_.columns[place], *value);
    }
    return words;
  }

  void values(std::string& out) const {
    out += "<div class=scroll><table class=row><tbody>\n";
    for (const auto place : places_) {
      const auto& column = resource_.columns[place];
      out += "<tr><th scope=row>";
      append_html(column.name, out);
      out += "<td>";
      const auto value = cell(place);
      const bool linked = begin_link(place, out);
      value ? append_value(column, *value, out) : void(out += null_html);
      out += linked ? "</a></td>\n" : "</td>\n";  // without its end the line feed would be the value's
    }
    out += "</table></div>\n";
  }

  bool begin_link(std::size_t place, std::string& out) const {
    const auto& foreign = pages_.links[place];
    if (!foreign) return false;
    RowLink link{foreign->path};
    for (const auto part : foreign->places) link.segments.push_back({&resource_.columns[part], part});
    std::string path;
    if (!append_path(
            link, 0, [this](int, std::size_t part) { return cell(part); }, path))
      return false;
    out.append("<a href=\"").append(path).append("\">");
    return true;
  }

  void referrers(std::string& out) const {
    if (pages_.referrers.empty()) return;
    out += "<p class=referrers>Referred to by:";
    for (const auto& referrer : pages_.referrers) {
      std::string query;
      for (const auto& [name, place] : referrer.filters) {
        const auto value = cell(place);
        append_parameter(name, value ? value_text(resource_.columns[place], *value) : "", query);
      }
      out += " <a href=\"" + referrer.path + '?';
      append_html(query, out);
      out += "\">";
      append_html(referrer.name, out);
      out += "</a>";
    }
    out += "</p>\n";
  }

  void json(std::string& out) const {
    std::string text;
    schema::RowShape(resource_, places_)
        .write(
            ContentFormat::json, [this](std::size_t i) { return cell(places_[i]); }, text);
    out += "<details class=tool><summary>As a program asks for it</summary>";
    if (!path_.empty()) {
      const auto& query = exchange_.request.query;
      append_curl(exchange_.base_url(), std::string(path_) + (query.empty() ? "" : '?' + query), out);
    }
    out += "<pre class=json>";
    append_html(text, out);
    out += "</pre></details>\n";
  }

  const Exchange& exchange_;
  const ResourcePages& pages_;
  const schema::Resource& resource_;
  const RowAnswer& answer_;
  const std::string_view path_, tag_;
  const std::vector<std::size_t> places_;
};

}  // namespace

Response row_page(const Exchange& exchange, int status, const RowAnswer& answer, std::string_view path,
                  std::string_view tag, std::span<const std::size_t> fields) {
  Response response{status, page_content_type, std::string(page_fields()), {}};
  response.body = RowPage(exchange, answer, path, tag, fields).make();
  return response;
}

Response rows_page(const Exchange& exchange, int status, const schema::RowShape& shape,
                   const RowAnswer& answer) {
  const auto& endpoint = *exchange.endpoint;
  const auto& name =
      endpoint.query != nullptr ? endpoint.query->query.name : endpoint.resource->resource.name;
  std::vector<TableColumn> columns;
  for (std::size_t i = 0; i < shape.size(); ++i)
    columns.push_back({&shape.column(i), i, html_of(shape.column(i).name), {}});
  Response response{status, page_content_type, std::string(page_fields()), {}};
  begin_page(name, {{endpoint.path, name}}, response.body);
  append_heading(name, endpoint.query != nullptr ? endpoint.query->query.comment : std::string(),
                 response.body);
  if (endpoint.query != nullptr) append_call_form(exchange, response.body);
  const auto cell = [&](int row, std::size_t i) {
    return answer.rows->cell(answer.row + row, answer.first_column + static_cast<int>(i));
  };
  append_table(columns, answer.rows == nullptr ? 0 : answer.count, cell, response.body);
  const auto& request = exchange.request;
  if (request.method != Method::post)
    append_curl(exchange.base_url(), request.path + (request.query.empty() ? "" : '?' + request.query),
                response.body);
  end_page(response.body);
  return response;
}

}  // namespace troupe::http
