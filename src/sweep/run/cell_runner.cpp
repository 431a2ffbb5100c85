#include "sweep/run/cell_runner.hpp"

#include <spdlog/fmt/fmt.h>

#include <iostream>

#include "sweep/run/distil.hpp"
#include "sweep/run/machine_cpu.hpp"

namespace troupe::sweep {
namespace {

/// What was counted by one moment.
struct ServerCounters {
  std::uint64_t batches = 0, rows = 0;  ///< statements sent and commands in them, over a whole pool
  std::optional<CpuTimes> cpu;          ///< of the machine
};

ServerCounters counters_of(const actors::DatabasePool& pool) {
  ServerCounters sum;
  for (const auto& member : pool.members()) {
    sum.batches += member.stats->batches.load(std::memory_order_relaxed);
    sum.rows += member.stats->rows.load(std::memory_order_relaxed);
  }
  sum.cpu = cpu_times();
  return sum;
}

}  // namespace

Result<std::optional<Repeat>> CellRunner::run(const Job& job) {
  const auto give_up = [this] {
    loop_.restart();
    loop_.poll();  // a signal may wait there
    return interrupted_;
  };
  if (give_up()) return std::optional<Repeat>{};
  auto server = harness::OwnServer::start(job.planned->settings, job.planned->transport, pool_, give_up);
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
  const auto plan = plan_load(*job.planned, spec_.warm_up, spec_.duration, seed);
  if (!plan) return plan.error();
  auto material =
      harness::make_material(pool_, *(*plan)->scenario, seed, job.planned->settings.database.connect_timeout);
  if (!material) return material.error();
  ServerCounters before, after;
  sim::Run run({.loop = loop_,
                .runtime = server.users_runtime(),
                .server_runtime = &server.runtime(),
                .transport = server.transport(),
                .material = *std::move(material),
                .waterfall = &server.waterfall(),
                .view = no_view,
                .on_measuring = [&] { before = counters_of(server.pool()); },
                .on_load_end = [&] { after = counters_of(server.pool()); }},
               *plan, {});
  run_ = &run;
  run.use_existing_items();  // the table is filled with them, and a stand-in has every item
  const auto ready = run.set_up();
  const auto result = ready && !interrupted_ ? std::optional(run.execute()) : std::nullopt;
  tell_of_teardown(run.tear_down());
  run_ = nullptr;
  if (interrupted_) return std::optional<Repeat>{};
  if (!ready) return ready.error();
  if (auto why = sim::why_nothing_measured(*result, **plan)) return invalid(*std::move(why));
  auto repeat = distil(*result, run.busy());
  repeat.cell = job.planned->cell;
  repeat.round = job.round;
  repeat.seed = seed;
  repeat.cpu = cpu_shares(before.cpu, after.cpu);
  repeat.disturbed = disturbed(before.cpu, after.cpu);
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
