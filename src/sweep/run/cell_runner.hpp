#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>

#include "harness/own_server.hpp"
#include "sim/output/live_view.hpp"
#include "sim/run.hpp"
#include "sweep/plan/schedule.hpp"
#include "sweep/plan/spec.hpp"
#include "sweep/records/records.hpp"

namespace troupe::sweep {

/// Runs one repeat of a cell: starts a fresh server, warms it up without measuring, measures the load, and
/// takes everything down again. Used by the thread that runs `loop`; a handler on that thread may call
/// `interrupt`. The items that the scenario wants exist already, with the ids 1 to N, as TestDatabase::reset
/// makes them and a stand-in has them. `loop` and `spec` outlive the runner.
class CellRunner {
 public:
  CellRunner(boost::asio::io_context& loop, const Spec& spec, harness::PoolSource pool)
      : loop_(loop), spec_(spec), pool_(std::move(pool)) {}

  /// Blocks. Without a value when it was interrupted. Error: unavailable when not every connection of the
  /// pool opened; else what the server or the load said.
  Result<std::optional<Repeat>> run(const Job& job);
  /// Ends the repeat under way, whose figures are then dropped, and every later one at once.
  void interrupt();

 private:
  Result<std::optional<Repeat>> measure(const Job& job, harness::OwnServer& server);

  boost::asio::io_context& loop_;
  const Spec& spec_;
  harness::PoolSource pool_;
  sim::Run* run_ = nullptr;
  bool interrupted_ = false;
};

}  // namespace troupe::sweep
