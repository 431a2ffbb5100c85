#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/runtime/runtime.hpp"
#include "sim/load/plan.hpp"
#include "sim/users/swarm.hpp"

namespace troupe::sim {

/// What became of plans whose requests are in no figure.
struct UnmeasuredOutcome {
  std::vector<FailureCount> failures{};
  std::vector<RowKey> items{};  ///< that a cycle has created
  /// Of a plan for one user, once he has done what he was to do, or has given up.
  std::optional<std::vector<std::string>> variables{};
};

/// Runs plans of unmeasured_plan.hpp, one at a time, for the thread that runs `loop`. All outlive it.
class UnmeasuredSwarm {
 public:
  UnmeasuredSwarm(boost::asio::io_context& loop, actors::Runtime& runtime, Transport& transport)
      : loop_(loop), runtime_(runtime), transport_(transport) {}

  /// Blocks until it is done. `variables`: that users begin with, as of Supplies.
  UnmeasuredOutcome run(std::shared_ptr<const Plan> plan, const Material& material,
                        std::vector<std::string> variables = {});
  /// Ends what is under way within a second; nothing, if there is nothing. On the loop's thread.
  void end();

 private:
  boost::asio::io_context& loop_;
  actors::Runtime& runtime_;
  Transport& transport_;
  std::unique_ptr<Swarm> swarm_;  ///< while it runs
};

/// Runs `loop` until a handler on it has set `done`.
void run_until(boost::asio::io_context& loop, const bool& done);

}  // namespace troupe::sim
