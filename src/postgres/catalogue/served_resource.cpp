#include "postgres/catalogue/served_resource.hpp"

#include <atomic>

#include "schema/declared_table.hpp"
#include "schema/items_resource.hpp"

namespace troupe::postgres {

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
