#include "sim/unmeasured_swarm.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <utility>

namespace troupe::sim {

UnmeasuredOutcome UnmeasuredSwarm::run(std::shared_ptr<const Plan> plan, const Material& material,
                                       std::vector<std::string> variables) {
  UnmeasuredOutcome outcome;
  bool ended = false;
  swarm_ = std::make_unique<Swarm>(loop_, runtime_, std::move(plan), material, transport_, nullptr,
                                   Supplies{{}, std::move(variables)});
  swarm_->start(runtime_.workers()[0].timers().now(), {
                                                          .on_interval =
                                                              [&](Interval interval) {
                                                                for (auto& failure : interval.failures)
                                                                  add_failure(outcome.failures, failure);
                                                              },
                                                          .on_phase_done = [](std::size_t) {},
                                                          .on_end = [&] { ended = true; },
                                                      });
  run_until(loop_, ended);
  outcome.items = swarm_->cycle_items();
  outcome.variables = swarm_->variables();
  swarm_.reset();
  return outcome;
}

void UnmeasuredSwarm::end() {
  if (swarm_) swarm_->end(true);
}

void run_until(boost::asio::io_context& loop, const bool& done) {
  // Swarms post to the loop from their workers: it must wait even while nothing is pending on it.
  const auto guard = boost::asio::make_work_guard(loop);
  loop.restart();  // without a guard it may have run out of work before
  while (!done) loop.run_one();
}

}  // namespace troupe::sim
