#include "cli/check_scenario.hpp"

#include <spdlog/fmt/fmt.h>

#include "cli/cli.hpp"
#include "cli/startup.hpp"
#include "sim/load/check_plan.hpp"
#include "sim/transport/telling_transport.hpp"

namespace troupe::cli {
namespace {

/// One pass; the Error is what the server said of the items that it needs.
Result<sim::RunResult> run_pass(const ScenarioCheck& check, sim::TellingTransport& transport,
                                std::shared_ptr<const sim::Plan> plan) {
  sim::Run run({.loop = check.parts.loop,
                .runtime = check.parts.runtime,
                .server_runtime = check.parts.server_runtime,
                .transport = transport,
                .material = check.parts.material,
                .view = check.parts.view},
               std::move(plan), {});
  check.under_way(&run);
  Result<sim::RunResult> result = sim::RunResult{};
  transport.tell(false);  // of the items that are made beforehand, many at once
  if (check.has_every_item) {
    run.use_existing_items();
  } else if (auto made = run.make_existing_items(); !made) {
    result = made.error();
  }
  transport.tell(true);
  if (result && !check.give_up()) result = run.execute();
  check.under_way(nullptr);
  return result;
}

}  // namespace

int check_scenario(const ScenarioCheck& check) {
  sim::TellingTransport telling(check.parts.transport, check.shown_target, check.out);
  std::uint64_t requests = 0, faults = 0;
  for (const auto& pass : sim::check_plans(check.plan)) {
    const auto result = run_pass(check, telling, pass);
    if (!result) return fail(exit_code_of(result.error()), result.error().message);
    requests += result->total.requests + result->total.drained;
    for (const auto& failure : result->failures) {
      check.out << fmt::format("\nFAULT {}: {}: {}\n", failure.task, failure.kind, failure.message);
      faults += failure.count;
    }
    if (check.give_up()) return exit_interrupted;
  }
  check.out << fmt::format("\n{} requests, {} faults\n", requests, faults) << std::flush;
  return faults > 0 || requests == 0 ? exit_threshold : exit_ok;
}

}  // namespace troupe::cli
