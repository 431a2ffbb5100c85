#include "postgres/catalogue/served_resource.hpp"

#include <spdlog/fmt/fmt.h>

#include <atomic>
#include <string_view>

#include "schema/file/declared_table.hpp"
#include "schema/file/items_resource.hpp"

namespace troupe::postgres {

// FNV-1a (Fowler, Noll, Vo), folded to 16 bits: the same in every run of every build.
std::string ServedResource::id_of(const schema::Resource& resource) {
  std::uint32_t hash = 2166136261;
  const auto add = [&](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
  };
  for (const auto& column : resource.columns) {
    add(column.json_key);
    add(column.type.name);
    add(column.as_string ? "s" : "n");
  }
  return fmt::format("{:x}", static_cast<std::uint16_t>(hash >> 16 ^ hash));
}

std::vector<SharedResource> serve_resources(std::vector<schema::Resource> resources) {
  static std::atomic<std::uint64_t> versions{0};
  const auto version = versions.fetch_add(1) + 1;
  std::vector<SharedResource> served;
  for (auto& resource : resources)
    served.push_back(std::make_shared<const ServedResource>(std::move(resource), served.size(), version));
  return served;
}

SharedResource declared_items() {
  return serve_resources({schema::declared_resource(schema::items_entry("items"), {}).value()}).front();
}

}  // namespace troupe::postgres
