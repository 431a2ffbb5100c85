#include "sweep/run/service_runner.hpp"

#include <iostream>

#include "actors/runtime/runtime.hpp"
#include "sim/material/material.hpp"
#include "sim/output/live_view.hpp"
#include "sim/transport/targets_transport.hpp"
#include "support/log_line.hpp"
#include "sweep/plan/command_template.hpp"
#include "sweep/run/distil.hpp"
#include "sweep/run/machine_cpu.hpp"
#include "sweep/run/readiness.hpp"
#include "sweep/run/service_processes.hpp"
#include "sweep/run/shell_command.hpp"

namespace troupe::sweep {

/// What was counted by one moment.
struct ServiceRunner::Counters {
  std::optional<CpuTimes> cpu;  ///< of the machine, and in it the service's where that was asked for
  std::optional<double> service_s;
};

Result<std::optional<Repeat>> ServiceRunner::run(const Job& job) {
  if (give_up()) return std::optional<Repeat>{};
  auto repeat = bring_up_and_measure(job);
  const auto after = call("--after", spec_.service->after, job, true);
  if (interrupted_) {
    if (!after) log_warn("{}", after.error().message);
    return std::optional<Repeat>{};
  }
  // What it did not end may take part in the next repeat.
  if (repeat && !after) return after.error();
  return repeat;
}

Result<std::optional<Repeat>> ServiceRunner::bring_up_and_measure(const Job& job) {
  const auto& service = *spec_.service;
  const auto whole = [](sim::Seconds time) { return std::chrono::duration_cast<Duration>(time); };
  const auto stop = [this] { return give_up(); };
  const sim::ClientOptions options{{.verify = !service.insecure, .ca_file = service.ca_file},
                                   service.resolve};
  if (const auto done = call("--before", service.before, job, false); !done) return done.error();
  if (!service.ready.empty()) {
    const auto ready = wait_until_ready(service.ready, whole(service.ready_timeout), options, stop);
    if (!ready) return ready.error();
  }
  auto target = wait_for_target(service.target, whole(service.ready_timeout), options, stop);
  if (interrupted_) return std::optional<Repeat>{};
  if (!target) return target.error();
  std::vector<sim::HttpTarget> targets{*std::move(target)};
  for (const auto& named : job.planned->scenario->targets) {
    auto other = wait_for_target(named.url, whole(service.ready_timeout), options, stop);
    if (interrupted_) return std::optional<Repeat>{};
    if (!other) return other.error();
    targets.push_back(*std::move(other));
  }
  return measure(job, std::move(targets));
}

Result<std::optional<Repeat>> ServiceRunner::measure(const Job& job, std::vector<sim::HttpTarget> targets) {
  const auto port = targets.front().port;
  // One seed for all cells of a round: they get the same load.
  const auto seed = spec_.seed + job.round;
  const auto plan = plan_load(*job.planned, spec_.warm_up, spec_.duration, seed);
  if (!plan) return plan.error();
  const auto timeout = std::chrono::ceil<std::chrono::milliseconds>((*plan)->timeout);
  if (!spec_.service->no_check) {
    const auto known = sim::check_items_api(targets.front(), *(*plan)->scenario, timeout);
    if (!known) return known.error();
  }
  if (const auto there = count(port); !there) return there.error();

  actors::Runtime runtime(users_);
  sim::TargetsTransport transport(runtime, std::move(targets));
  sim::Waterfall waterfall(runtime.workers().size(), sim::Waterfall::Of::outside);
  sim::LiveView no_view({std::cerr, report::StatusLine::Mode::quiet, {}});
  Result<Counters> before = Counters{}, after = Counters{};
  sim::Run run({.loop = loop_,
                .runtime = runtime,
                .transport = transport,
                .material = sim::items_material(*(*plan)->scenario),
                .waterfall = &waterfall,
                .view = no_view,
                .on_measuring = [&] { before = count(port); },
                .on_load_end = [&] { after = count(port); }},
               *plan, {});
  run_ = &run;
  auto ready = run.set_up();
  if (ready && !interrupted_) ready = run.make_existing_items();
  const auto result = ready && !interrupted_ ? std::optional(run.execute()) : std::nullopt;
  tell_of_teardown(run.tear_down());
  run_ = nullptr;
  transport.stop();
  if (interrupted_) return std::optional<Repeat>{};
  if (!ready) return ready.error();
  for (const auto* counted : {&before, &after})
    if (!*counted) return counted->error();
  if (auto why = sim::why_nothing_measured(*result, **plan)) return invalid(*std::move(why));
  auto repeat = distil(*result, run.busy());
  repeat.cell = job.planned->cell;
  repeat.round = job.round;
  repeat.seed = seed;
  repeat.cpu = cpu_shares(before->cpu, after->cpu);
  repeat.disturbed = disturbed(before->cpu, after->cpu, true);
  if (before->service_s && after->service_s)
    repeat.service_cpu_s = std::max(0.0, *after->service_s - *before->service_s);
  return std::optional(std::move(repeat));
}

Result<ServiceRunner::Counters> ServiceRunner::count(std::uint16_t port) const {
  Counters out{cpu_times(), {}};
  if (spec_.service->cpu_of.empty()) return out;
  const auto used = ServiceProcesses(spec_.service->cpu_of, port).used();
  if (!used) return used.error();
  if (out.cpu) out.cpu->service = *used;
  out.service_s = std::chrono::duration<double>(*used).count();
  return out;
}

Result<void> ServiceRunner::call(const char* flag, const std::string& command, const Job& job,
                                 bool to_the_end) {
  if (command.empty()) return {};
  const auto& service = *spec_.service;
  if (!log_) {
    auto log = CommandLog::open(log_file_, service.command_output.value_or(usual_command_output));
    if (!log) return log.error();
    log_ = *std::move(log);
  }
  return run_shell_command({flag, fill_command(command, job.planned->cell.configuration),
                            std::chrono::duration_cast<Duration>(service.command_timeout)},
                           *log_, command_, [&] { return give_up() && !to_the_end; });
}

/// Also lets a signal that waits on the loop be heard.
bool ServiceRunner::give_up() {
  loop_.restart();
  loop_.poll();
  return interrupted_;
}

void ServiceRunner::interrupt() {
  interrupted_ = true;
  if (run_ != nullptr) run_->interrupt();
}

}  // namespace troupe::sweep
