#include "schema/file/resource_file_text.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "schema/table_name.hpp"
#include "support/toml_text.hpp"

namespace troupe::schema {
namespace {

constexpr std::string_view head =
    R"(# What is served, and how. What this file does not say comes from the database's catalogue.
# Take away the tables that nobody should see; uncomment and change what should be narrower.

)";

constexpr std::size_t widest_name = 30;

std::string list_text(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + toml_text(name);
  return "[" + text + "]";
}

std::string describe(const Resource& resource, std::size_t place) {
  const auto& column = resource.columns[place];
  auto text = toml_comment(column.type.declared);
  const auto& type = column.type.element.empty() ? column.type : column.type.element.front();
  if (!type.labels.empty()) text += " of " + list_text(type.labels);
  if (resource.is_key(place)) text += ", key";
  if (!column.nullable) text += ", not null";
  if (!column.default_sql.empty()) text += ", default " + toml_comment(column.default_sql);
  if (!column.writable) text += column.has_default ? ", filled by the database" : ", read only";
  for (const auto& constraint : resource.constraints) {
    const bool own = constraint.columns.size() == 1 && constraint.columns.front() == column.name;
    if (own && constraint.kind == Constraint::Kind::foreign)
      text += ", references " + toml_comment(constraint.references);
    if (own && constraint.kind == Constraint::Kind::unique && !resource.is_key(place)) text += ", unique";
  }
  if (!column.comment.empty()) text += ": " + toml_comment(column.comment);
  return text;
}

std::string columns_text(const Resource& resource) {
  std::size_t width = 0;
  for (const auto& column : resource.columns)
    width = std::max(width, std::min(toml_key(column.name).size(), widest_name));
  std::string text;
  for (std::size_t place = 0; place < resource.columns.size(); ++place)
    text += fmt::format("#   {:<{}}  {}\n", toml_key(resource.columns[place].name), width,
                        describe(resource, place));
  return text;
}

std::string methods_text(const Methods& methods) {
  std::vector<std::string> names;
  if (methods.list) names.emplace_back("list");
  if (methods.read) names.emplace_back("read");
  if (methods.create) names.emplace_back("create");
  if (methods.replace) names.emplace_back("replace");
  if (methods.change) names.emplace_back("change");
  if (methods.remove) names.emplace_back("remove");
  return list_text(names);
}

/// What can be set of the first column that a rule fits, as an example.
std::string example_text(const Resource& resource, const std::string& table) {
  std::string text;
  const auto example = [&](bool (*fits)(const Column&), std::string_view rules) {
    const auto column = std::ranges::find_if(
        resource.columns, [&](const Column& candidate) { return candidate.writable && fits(candidate); });
    if (column == resource.columns.end()) return;
    text += fmt::format("# [{}.columns.{}]\n{}", table, toml_key(column->name), rules);
  };
  example([](const Column& column) { return column.type.kind == TypeKind::numeric; },
          "# min = 0\n# max = 1000000\n# as = \"string\"\n");
  example([](const Column& column) { return column.type.kind == TypeKind::text; },
          "# min_length = 1\n# max_length = 100\n# pattern = \"^[^<>]*$\"\n");
  return text;
}

std::string resource_text(const Resource& resource) {
  const auto table = "resource." + toml_key(resource.name);
  std::string text;
  if (!resource.comment.empty()) text += "# " + toml_comment(resource.comment) + "\n";
  text += fmt::format("[{}]\ntable = {}\npath = {}\n", table, toml_text(plain_table_name(resource.table)),
                      toml_text(resource.path));
  text += columns_text(resource);
  text += fmt::format("# methods = {}\n", methods_text(resource.methods));
  // The last column that rows can do without.
  for (std::size_t place = resource.columns.size(); place-- > 0;) {
    if (resource.is_key(place) || resource.columns[place].required()) continue;
    text += fmt::format("# hide = [{0}]\n# read_only = [{0}]\n", toml_text(resource.columns[place].name));
    break;
  }
  text += "# require_match = true\n# timeout = \"2s\"\n";
  text += example_text(resource, table);
  text += fmt::format(
      "# [{}.list]\n# filters = [{}]\n# orders = [{}]\n# default_limit = {}\n# max_limit = {}\n\n", table,
      toml_text(resource.columns.front().name), toml_text(resource.columns.front().name),
      resource.default_limit, resource.max_limit);
  return text;
}

}  // namespace

std::string resource_file_text(std::span<const Resource> resources) {
  std::string text(head);
  if (resources.empty()) text += "# There is no table with a primary key on the search_path.\n";
  for (const auto& resource : resources) {
    const auto again = quote_table_name(plain_table_name(resource.table));
    if (again && *again == resource.table) {
      text += resource_text(resource);
    } else {
      text += "# " + toml_comment(resource.table) + " cannot be named here: there is a dot in its name\n\n";
    }
  }
  return text;
}

}  // namespace troupe::schema
