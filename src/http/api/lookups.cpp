#include "http/api/lookups.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace troupe::http {
namespace {

using schema::Lookup;
using schema::TypeKind;

bool is_listed(const std::optional<std::vector<std::string>>& allowed, const std::string& name) {
  return !allowed || std::ranges::find(*allowed, name) != allowed->end();
}

}  // namespace

std::string exact_parameter(const schema::Column& column) {
  const bool reserved = std::ranges::find(reserved_names, column.name) != reserved_names.end();
  return reserved ? column.name + "__exact" : column.name;
}

bool is_pattern(Lookup lookup) {
  return lookup == Lookup::contains || lookup == Lookup::icontains || lookup == Lookup::startswith;
}

bool is_comparable(const schema::Column& column) {
  return column.type.kind != TypeKind::json && column.type.kind != TypeKind::array &&
         column.type.kind != TypeKind::other;
}

bool may_filter(const schema::Resource& resource, const schema::Column& column) {
  return is_listed(resource.filters, column.name);
}

bool may_order(const schema::Resource& resource, const schema::Column& column) {
  return is_comparable(column) && is_listed(resource.orders, column.name);
}

}  // namespace troupe::http
