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

/// Runs one repeat of a cell: a fresh server, a warm-up that is not measured, the measured load, and nothing
/// is left. Used by the thread that runs `loop`; `interrupt` may be called on it from a handler.
class CellRunner {
 public:
  /// `rows`: items that are in the table already, with the ids 1 to N as TestDatabase::reset makes them; 0:
  /// users make the scenario's items themselves.
  CellRunner(boost::asio::io_context& loop, const Spec& spec, harness::MakePool make_pool, bool rows_are_made)
      : loop_(loop), spec_(spec), make_pool_(std::move(make_pool)), rows_are_made_(rows_are_made) {}

  /// Blocks. Without a value when it was interrupted.
  Result<std::optional<Repeat>> run(const Job& job);
  /// Ends the repeat under way, whose figures are then dropped, and every later one at once.
  void interrupt();

 private:
  Result<std::optional<Repeat>> measure(const Job& job, harness::OwnServer& server);

  boost::asio::io_context& loop_;
  const Spec& spec_;
  harness::MakePool make_pool_;
  bool rows_are_made_;
  sim::Run* run_ = nullptr;
  bool interrupted_ = false;
};

}  // namespace troupe::sweep
