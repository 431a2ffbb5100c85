#include "sweep/run/distil.hpp"

#include <numeric>
#include <vector>

#include "support/log_line.hpp"

namespace troupe::sweep {
namespace {

double mean(const std::vector<double>& values) {
  return values.empty()
             ? 0
             : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

Repeat distil(const sim::RunResult& result, const sim::BusyFigures& busy) {
  const auto& total = result.total;
  const auto& response = total.good.response;
  Repeat repeat;
  repeat.started_at = result.run.started_at;
  repeat.measured = result.run.measured;
  repeat.requests = total.requests;
  repeat.failed = total.failed;
  repeat.timed_out = total.timed_out;
  repeat.dropped = total.dropped;
  repeat.rate_per_s = total.good_per_s;
  if (result.verdict.open_load) repeat.offered_per_s = result.verdict.open_load->offered_per_s;
  repeat.in_flight = busy.mean;
  repeat.mean = response.mean;
  repeat.p50 = response.p50;
  repeat.p90 = response.p90;
  repeat.p99 = response.p99;
  repeat.p99_9 = response.p99_9;
  repeat.max = response.max;
  repeat.worker_cpu = mean(result.verdict.server_cpu);
  repeat.saturated = result.verdict.saturated == true;
  repeat.waterfall = result.waterfall;
  return repeat;
}

void tell_of_teardown(const Result<void>& done) {
  if (!done) log_warn("{}", done.error().message);
}

}  // namespace troupe::sweep
