#include "sweep/run/environment.hpp"

#include "postgres/server_facts.hpp"
#include "sim/result/provenance.hpp"

namespace troupe::sweep {

Environment this_environment() {
  Environment environment;
  environment.host = sim::this_host();
  environment.versions = sim::library_versions();
  return environment;
}

Result<void> add_postgresql(Environment& environment, const std::string& conninfo,
                            std::chrono::milliseconds timeout) {
  auto facts = postgres::read_server_facts(conninfo, timeout);
  if (!facts) return facts.error();
  environment.versions["postgresql"] = std::move(facts->version);
  environment.postgresql_settings = std::move(facts->settings);
  return {};
}

}  // namespace troupe::sweep
