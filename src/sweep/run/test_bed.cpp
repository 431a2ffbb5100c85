#include "sweep/run/test_bed.hpp"

#include "postgres/server_facts.hpp"
#include "sim/result/provenance.hpp"

namespace troupe::sweep {

TestBed this_test_bed() {
  TestBed test_bed;
  test_bed.host = sim::this_host();
  test_bed.versions = sim::library_versions();
  return test_bed;
}

Result<void> add_postgresql(TestBed& test_bed, const std::string& conninfo,
                            std::chrono::milliseconds timeout) {
  auto facts = postgres::read_server_facts(conninfo, timeout);
  if (!facts) return facts.error();
  test_bed.versions["postgresql"] = std::move(facts->version);
  test_bed.postgresql_settings = std::move(facts->settings);
  return {};
}

}  // namespace troupe::sweep
