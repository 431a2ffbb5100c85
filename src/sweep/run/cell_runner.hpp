#pragma once

#include <boost/asio/io_context.hpp>

#include "harness/own_server.hpp"
#include "sim/output/live_view.hpp"
#include "sim/run.hpp"
#include "sweep/plan/schedule.hpp"
#include "sweep/plan/spec.hpp"
#include "sweep/records/records.hpp"
#include "sweep/run/repeat_runner.hpp"

namespace troupe::sweep {

/// Starts a fresh server of our own for each repeat. The items that the scenario wants exist already, with
/// the ids 1 to N, as TestDatabase::reset makes them and a stand-in has them. `loop` and `spec` outlive the
/// runner.
class CellRunner final : public RepeatRunner {
 public:
  CellRunner(boost::asio::io_context& loop, const Spec& spec, harness::PoolSource pool)
      : loop_(loop), spec_(spec), pool_(std::move(pool)) {}

  /// Error: unavailable when not every connection of the pool opened; else what the server or the load said.
  Result<std::optional<Repeat>> run(const Job& job) override;
  void interrupt() override;

 private:
  Result<std::optional<Repeat>> measure(const Job& job, harness::OwnServer& server);

  boost::asio::io_context& loop_;
  const Spec& spec_;
  harness::PoolSource pool_;
  sim::Run* run_ = nullptr;
  bool interrupted_ = false;
};

}  // namespace troupe::sweep
