#include "helpers/transport_run.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <sstream>

#include "sim/load/workload_options.hpp"
#include "sim/material/outside_material.hpp"
#include "sim/run.hpp"
#include "sim/scenario/scenario_reader.hpp"

namespace troupe::tests {

std::string getting(const std::string& path) {
  return "[[task]]\ndo = \"request\"\nmethod = \"GET\"\npath = \"" + path + "\"\n";
}

sim::RunResult run_on(IoMode io, const sim::HttpTarget& target, const std::string& scenario,
                      const TransportLoad& load) {
  WorkerSettings workers;
  workers.count = 1;
  workers.io = io;
  sim::WorkloadOptions options;
  options.users = load.users;
  options.duration = load.duration;
  options.seed = "1";
  options.timeout = "5s";
  auto read = sim::parse_scenario(scenario, "t.toml").value();
  for (auto& task : read.tasks) task.follow = load.follow;
  const auto plan = sim::make_plan(std::move(read), options).value();
  actors::Runtime runtime(workers);
  sim::HttpTransport transport(runtime, target, load.resolve);
  boost::asio::io_context loop;
  std::ostringstream nowhere;
  sim::LiveView view({nowhere, troupe::report::StatusLine::Mode::quiet, {}});
  const auto material = sim::outside_material(*plan->scenario);
  sim::Waterfall waterfall(1, sim::Waterfall::Of::outside);
  sim::Run all({loop, runtime, nullptr, transport, material, &waterfall, view}, plan, {});
  REQUIRE(all.make_existing_items().has_value());
  auto result = all.execute();
  transport.stop();
  return result;
}

void check_good(const sim::RunResult& result) {
  if (!result.failures.empty()) UNSCOPED_INFO(result.failures.front().message);
  CHECK(result.total.requests > 0);
  CHECK(result.total.failed == 0);
}

}  // namespace troupe::tests
