#include "cli/simulate/check_scenario.hpp"

#include <spdlog/fmt/fmt.h>

#include "cli/common/exit_code.hpp"
#include "cli/common/startup.hpp"
#include "sim/load/check_plan.hpp"
#include "sim/load/unmeasured_plan.hpp"
#include "sim/transport/telling_transport.hpp"

namespace troupe::cli {
namespace {

/// One check, pass by pass.
class CheckPasses {
 public:
  explicit CheckPasses(const ScenarioCheck& check)
      : check_(check), telling_(check.parts.transport, check.shown_targets, check.out) {}

  /// All of them. The Error is what the server said of the items that a pass needs.
  Result<void> run() {
    const auto& scenario = *check_.plan.scenario;
    if (scenario.setup) {
      const auto left = run_pass(sim::steps_plan(check_.plan, scenario.setup),
                                 sim::steps_material(*scenario.setup), Items::none);
      if (!left) return left.error();
      if (faults_ > 0 || check_.give_up()) return {};
      variables_ = *left;
    }
    const auto done = run_classes();
    if (!scenario.teardown) return done;
    const auto left = run_pass(sim::steps_plan(check_.plan, scenario.teardown),
                               sim::steps_material(*scenario.teardown), Items::none);
    return done && !left ? Result<void>(left.error()) : done;
  }

  std::uint64_t requests() const { return requests_; }
  std::uint64_t faults() const { return faults_; }

 private:
  enum class Items { none, wanted };

  Result<void> run_classes() {
    for (const auto& pass : sim::check_plans(check_.plan)) {
      if (check_.give_up()) break;
      const auto left = run_pass(pass, check_.parts.material, Items::wanted);
      if (!left) return left.error();
    }
    return {};
  }

  /// One of them; the values that its answers gave.
  Result<std::vector<std::string>> run_pass(std::shared_ptr<const sim::Plan> plan,
                                            std::shared_ptr<const sim::Material> material, Items items) {
    sim::Run run({.loop = check_.parts.loop,
                  .runtime = check_.parts.runtime,
                  .server_runtime = check_.parts.server_runtime,
                  .transport = telling_,
                  .material = std::move(material),
                  .view = check_.parts.view,
                  .variables = variables_},
                 std::move(plan), {});
    check_.under_way(&run);
    Result<void> made = {};
    if (items == Items::wanted && check_.has_every_item) run.use_existing_items();
    if (items == Items::wanted && !check_.has_every_item) {
      telling_.tell(false);  // of the items that are made beforehand, many at once
      made = run.make_existing_items();
      telling_.tell(true);
    }
    if (made) add(run.execute());
    check_.under_way(nullptr);
    if (!made) return made.error();
    return run.variables_left();
  }

  void add(const sim::RunResult& result) {
    requests_ += result.total.all_requests();
    for (const auto& failure : result.failures) {
      check_.out << fmt::format("\nFAULT {}: {}: {}\n", failure.task, failure.kind, failure.message);
      faults_ += failure.count;
    }
  }

  const ScenarioCheck& check_;
  sim::TellingTransport telling_;
  std::vector<std::string> variables_;  ///< that the setup gave
  std::uint64_t requests_ = 0, faults_ = 0;
};

}  // namespace

int check_scenario(const ScenarioCheck& check) {
  CheckPasses passes(check);
  if (const auto done = passes.run(); !done) return fail(exit_code_of(done.error()), done.error().message);
  if (check.give_up()) return exit_interrupted;
  check.out << fmt::format("\n{} requests, {} faults\n", passes.requests(), passes.faults()) << std::flush;
  return passes.faults() > 0 || passes.requests() == 0 ? exit_threshold : exit_ok;
}

}  // namespace troupe::cli
