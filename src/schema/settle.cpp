#include "schema/settle.hpp"

#include <algorithm>
#include <string>

namespace troupe::schema {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

/// Does the server choose this key column's value? A default beside other key columns is only a habit of
/// clients that is written down (a tenant, a day, a line number); so is one for a uuid.
bool server_chooses(const Column& column, bool sole) {
  if (!column.has_default) return false;
  if (column.default_sql.empty()) return true;  // identity
  if (column.default_sql.find("nextval(") != std::string::npos) return true;
  return sole && column.type.kind == TypeKind::integer;
}

}  // namespace

std::optional<std::size_t> place_of(const Resource& resource, std::string_view column) {
  const auto found = std::ranges::find(resource.columns, column, &Column::name);
  if (found == resource.columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - resource.columns.begin());
}

std::string path_of(std::string_view table) {
  std::string path;
  bool replaced = false;
  for (const char c : table) {
    const bool fits = is_unreserved(c);
    if (fits) path += c;
    if (!fits && !replaced) path += '-';
    replaced = !fits;
  }
  if (path == "." || path == "..") path = "-";
  return "/" + path + "/";
}

void settle(Resource& resource) {
  // Nobody knows of a view whether its key is unique there, which ON CONFLICT wants.
  resource.client_key = !resource.key.empty() && !resource.view;
  for (const std::size_t place : resource.key) {
    auto& column = resource.columns[place];
    if (server_chooses(column, resource.key.size() == 1)) column.writable = false;
    // A key that is generated or may not be written is not the client's either.
    if (!column.writable) resource.client_key = false;
  }
  if (resource.key.empty())
    resource.methods.read = resource.methods.replace = resource.methods.change = resource.methods.remove =
        false;
  for (auto& constraint : resource.constraints) {
    const auto erased =
        std::erase_if(constraint.columns, [&](const auto& name) { return !place_of(resource, name); });
    if (erased > 0) constraint.target_columns.clear();
  }
  resource.finish();
  if (resource.insertable().empty()) resource.methods.create = false;
  if (resource.updatable().empty()) resource.methods.replace = resource.methods.change = false;
}

}  // namespace troupe::schema
