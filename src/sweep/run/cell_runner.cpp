#include "sweep/run/cell_runner.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <iostream>
#include <numeric>

#include "sweep/run/machine_cpu.hpp"

namespace troupe::sweep {
namespace {

std::vector<std::int64_t> ids_up_to(std::size_t rows) {
  std::vector<std::int64_t> ids(rows);
  std::iota(ids.begin(), ids.end(), 1);
  return ids;
}

/// Statements sent and commands in them, over a whole pool.
struct Statements {
  std::uint64_t batches = 0, rows = 0;
};

Statements statements_of(const actors::DatabasePool& pool) {
  Statements sum;
  for (const auto& member : pool.members()) {
    sum.batches += member.stats->batches.load(std::memory_order_relaxed);
    sum.rows += member.stats->rows.load(std::memory_order_relaxed);
  }
  return sum;
}

double mean(const std::vector<double>& values) {
  return values.empty()
             ? 0
             : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Rates are over what was answered while there was load. What was answered only afterwards would make a slow
/// server look fast in a short repeat: with 256 users in a second, by 256/s.
void set_rates(Repeat& repeat, const sim::RunResult& result, const sim::LastAnswers& last) {
  const auto& total = result.total;
  const double measured_s = repeat.measured.count();
  if (measured_s <= 0) return;
  const auto good = total.requests - total.failed - last.good;
  repeat.rate_per_s = static_cast<double>(good) / measured_s;
  // Under way, added up over the time of the load, by its length: what Little's law says of it without
  // remainder.
  const auto under_way =
      static_cast<double>(total.requests) * sim::Seconds(total.service.mean) - sim::Seconds(last.beyond);
  repeat.in_flight = std::max(under_way.count(), 0.0) / measured_s;
}

Repeat distil(const sim::RunResult& result, const sim::LastAnswers& last) {
  const auto& total = result.total;
  const auto& response = total.response;
  Repeat repeat;
  repeat.started_at = result.run.started_at;
  repeat.measured = result.run.measured;
  repeat.requests = total.requests;
  repeat.failed = total.failed;
  repeat.timed_out = total.timed_out;
  repeat.dropped = total.dropped;
  set_rates(repeat, result, last);
  repeat.mean = response.mean;
  repeat.p50 = response.p50;
  repeat.p90 = response.p90;
  repeat.p99 = response.p99;
  repeat.p99_9 = response.p99_9;
  repeat.max = response.max;
  repeat.worker_cpu = mean(result.verdict.worker_cpu);
  repeat.saturated = result.verdict.saturated;
  repeat.waterfall = result.waterfall;
  return repeat;
}

}  // namespace

Result<std::optional<Repeat>> CellRunner::run(const Job& job) {
  const auto give_up = [this] {
    loop_.restart();
    loop_.poll();  // a signal may wait there
    return interrupted_;
  };
  if (give_up()) return std::optional<Repeat>{};
  auto server = harness::OwnServer::start(job.planned->settings, job.planned->transport, make_pool_, give_up);
  if (interrupted_) return std::optional<Repeat>{};
  if (!server) return server.error();
  const auto& pool = (*server)->pool();
  if (pool.ready() < pool.members().size()) {
    return Error{
        ErrorCode::unavailable,
        fmt::format("only {} of {} connections to PostgreSQL opened within database.connect_timeout: raise "
                    "--connect-timeout or lower --pool-size",
                    pool.ready(), pool.members().size())};
  }
  return measure(job, **server);
}

Result<std::optional<Repeat>> CellRunner::measure(const Job& job, harness::OwnServer& server) {
  sim::LiveView no_view({std::cerr, report::StatusLine::Mode::quiet, {}});
  // One seed for all cells of a round: they get the same load.
  const auto seed = spec_.seed + job.round;
  auto items =
      rows_are_made_ ? ids_up_to(job.planned->scenario->existing_items) : std::vector<std::int64_t>{};
  sim::LastAnswers last_answers;
  const auto execute = [&](Duration length, sim::Waterfall* waterfall) -> Result<sim::RunResult> {
    auto plan = plan_load(*job.planned, length, seed);
    if (!plan) return plan.error();
    sim::Run run({loop_, server.runtime(), server.transport(), waterfall, no_view}, *plan, {});
    run_ = &run;
    if (!items.empty()) {
      run.use_items(std::move(items));
    } else if (const auto made = run.make_existing_items(); !made) {
      run_ = nullptr;
      return made.error();
    }
    auto result = run.execute();
    run_ = nullptr;
    items = run.items();
    last_answers = run.last_answers();
    return result;
  };
  if (spec_.warm_up > Duration{}) {
    if (const auto warm = execute(spec_.warm_up, nullptr); !warm) return warm.error();
  }
  if (interrupted_) return std::optional<Repeat>{};
  const auto before = statements_of(server.pool());
  const auto cpu_before = cpu_times();
  const auto result = execute(spec_.duration, &server.waterfall());
  if (!result) return result.error();
  if (interrupted_) return std::optional<Repeat>{};
  const auto after = statements_of(server.pool());
  const auto cpu_after = cpu_times();
  auto repeat = distil(*result, last_answers);
  repeat.cell = job.planned->cell;
  repeat.round = job.round;
  repeat.seed = seed;
  repeat.machine_cpu = busy_share(cpu_before, cpu_after);
  if (after.batches > before.batches) {
    repeat.rows_per_statement =
        static_cast<double>(after.rows - before.rows) / static_cast<double>(after.batches - before.batches);
  }
  return std::optional(std::move(repeat));
}

void CellRunner::interrupt() {
  interrupted_ = true;
  if (run_ != nullptr) run_->interrupt();
}

}  // namespace troupe::sweep
