#pragma once

#include <boost/asio/io_context.hpp>
#include <iosfwd>
#include <memory>
#include <optional>

#include "cli/simulate/simulate_flags.hpp"
#include "sim/output/live_log.hpp"
#include "sim/output/live_metrics.hpp"
#include "sim/run.hpp"
#include "support/result.hpp"

namespace troupe::cli {

/// What `troupe simulate` tells programs while it runs (--log, --metrics-port). Outlives the run; used by the
/// thread that runs `loop`.
class LiveOutputs {
 public:
  /// `out`: where the port is told; null: nowhere. Error: invalid_argument, in one line.
  Result<void> open(boost::asio::io_context& loop, const SimulatePlan& plan, const SimulateFlags& flags,
                    std::ostream* out);
  /// Adds itself to what the run calls.
  void take_part(sim::RunParts& parts);
  /// The log lacks what came behind a fault, which was told.
  bool log_ended_early() const { return log_ended_early_; }

 private:
  void on_second(const sim::SeriesPoint& point);

  std::optional<sim::LiveLog> log_;
  bool log_ended_early_ = false;
  std::unique_ptr<sim::LiveMetrics> metrics_;
};

}  // namespace troupe::cli
