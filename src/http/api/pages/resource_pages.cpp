#include "http/api/pages/resource_pages.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <functional>

#include "http/api/lookups.hpp"
#include "http/api/pages/assets.hpp"
#include "http/api/pages/filter_form.hpp"
#include "http/api/pages/row_form.hpp"

namespace troupe::http {
namespace {

using schema::Constraint;
using schema::Resource;

/// The columns of `from` in the order of the key of `to` that its foreign key names; nothing where it names
/// another key, or where there is nothing to be seen.
std::optional<std::vector<std::size_t>> places_of_key(const Resource& from, const Constraint& constraint,
                                                      const Resource& to) {
  const bool fits = constraint.kind == Constraint::Kind::foreign && constraint.target == to.table &&
                    !to.key.empty() && constraint.target_columns.size() == to.key.size() &&
                    constraint.columns.size() == to.key.size();
  if (!fits) return std::nullopt;
  std::vector<std::size_t> places;
  for (const auto key : to.key) {
    const auto found = std::ranges::find(constraint.target_columns, to.columns[key].name);
    if (found == constraint.target_columns.end()) return std::nullopt;
    const auto at = static_cast<std::size_t>(found - constraint.target_columns.begin());
    const auto place = from.find(constraint.columns[at]);
    if (!place) return std::nullopt;
    places.push_back(*place);
  }
  return places;
}

/// The first column of the key that leads nowhere yet shows the link.
void add_link(ResourcePages& pages, const Resource& to, std::vector<std::size_t> places) {
  const auto free = std::ranges::find_if(places, [&](std::size_t place) { return !pages.links[place]; });
  if (free != places.end()) pages.links[*free] = ForeignLink{to.path, std::move(places)};
}

void add_referrer(ResourcePages& pages, const Resource& from, const std::vector<std::size_t>& places) {
  Referrer referrer{from.path, from.name};
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& column = from.columns[places[i]];
    if (!may_filter(from, column) || !is_comparable(column)) return;
    referrer.filters.emplace_back(exact_parameter(column), pages.resource().key[i]);
  }
  pages.referrers.push_back(std::move(referrer));
}

/// A number of everything that shows on a row's page and is not the row.
std::string id_of(const ResourcePages& pages) {
  std::string shown = script_path() + style_path();
  for (const auto& link : pages.links) shown += link ? '>' + link->path : "-";
  for (const auto& referrer : pages.referrers) shown += '<' + referrer.path;
  for (const auto& column : pages.resource().columns) shown += column.type.declared + column.comment;
  return fmt::format("{:x}", std::hash<std::string>{}(shown)&0xFFFFFF);
}

}  // namespace

ResourcePages::ResourcePages(postgres::SharedResource shared, std::span<const postgres::SharedResource> all)
    : served(std::move(shared)), links(resource().columns.size()), form_mark("_form") {
  while (resource().find(form_mark)) form_mark += '_';
  for (const auto& constraint : resource().constraints) {
    for (const auto& other : all) {
      if (!other->resource.methods.read) continue;
      if (auto places = places_of_key(resource(), constraint, other->resource))
        add_link(*this, other->resource, std::move(*places));
    }
  }
  for (const auto& other : all) {
    if (!other->resource.methods.list) continue;
    for (const auto& constraint : other->resource.constraints) {
      if (const auto places = places_of_key(other->resource, constraint, resource()))
        add_referrer(*this, other->resource, *places);
    }
  }
  append_filters(resource(), {}, filters);
  append_create_form(resource(), create_form);
  id = id_of(*this);
}

}  // namespace troupe::http
