#include "schema/file/items_resource.hpp"

#include <utility>

namespace troupe::schema {
namespace {

constexpr const char* items_file = R"(
[resource.items]
create = true
singular = "item"

[resource.items.columns.id]
type = "bigint"
identity = true
key = true

[resource.items.columns.name]
type = "text"
not_null = true
min_length = 1
max_length = 100

[resource.items.columns.description]
type = "text"
max_length = 2000

[resource.items.columns.price]
type = "double precision"
not_null = true
min = 0

[resource.items.columns.in_stock]
type = "boolean"
not_null = true
default = "true"

[resource.items.list]
default_limit = 100
max_limit = 1000
)";

}  // namespace

ResourceEntry items_entry(const std::string& table) {
  auto file = parse_resource_file(items_file, "items").value();
  auto entry = std::move(file.resources.front());
  entry.table = table;
  entry.lenient = true;
  return entry;
}

}  // namespace troupe::schema
