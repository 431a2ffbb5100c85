#include "cli/simulate/live_outputs.hpp"

#include <spdlog/fmt/fmt.h>

#include <ostream>

#include "support/log_line.hpp"

namespace troupe::cli {

Result<void> LiveOutputs::open(boost::asio::io_context& loop, const SimulatePlan& plan,
                               const SimulateFlags& flags, std::ostream* out) {
  if (flags.log) {
    auto log = sim::LiveLog::create(*flags.log);
    if (!log) return log.error();
    log_.emplace(*std::move(log));
  }
  if (!plan.metrics_port) return {};
  auto metrics = sim::LiveMetrics::listen(loop, *plan.metrics_port, sim::task_names(*plan.plan->scenario));
  if (!metrics) return metrics.error();
  metrics_ = *std::move(metrics);
  if (out != nullptr)
    *out << fmt::format("metrics on http://127.0.0.1:{}/metrics", metrics_->port()) << std::endl;
  return {};
}

void LiveOutputs::take_part(sim::RunParts& parts) {
  if (!log_ && !metrics_) return;
  parts.on_second = [this](const sim::SeriesPoint& point) { on_second(point); };
  if (!metrics_) return;
  parts.on_interval = [this, others = std::move(parts.on_interval)](const sim::Interval& interval) {
    metrics_->figures().add(interval);
    others(interval);
  };
}

void LiveOutputs::on_second(const sim::SeriesPoint& point) {
  if (metrics_) metrics_->figures().add(point);
  if (!log_) return;
  // A full disk ends the log and not the run, whose exit code tells of it.
  if (const auto written = log_->add(point); !written) {
    log_warn("the log ends here: {}", written.error().message);
    log_.reset();
    log_ended_early_ = true;
  }
}

}  // namespace troupe::cli
