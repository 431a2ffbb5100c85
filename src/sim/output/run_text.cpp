#include "sim/output/run_text.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "report/text_table.hpp"
#include "sim/output/histogram_text.hpp"
#include "sim/result/call_outcome.hpp"
#include "support/text_width.hpp"
#include "support/units.hpp"

namespace troupe::sim {
namespace {

std::string time(MeanMicros value) {
  return describe_duration(value);
}
std::string count(std::uint64_t value) {
  return fmt::format("{}", value);
}
std::string rate(double value) {
  return fmt::format("{:.{}f}", value, value < 100 ? 2 : 0);
}

std::vector<std::string> task_row(const TaskStats& task) {
  const auto& r = task.good.response;
  const auto failed = fmt::format("{} ({:.2f}%)", task.failed, 100 * task.error_rate());
  if (r.count == 0) {
    return {task.method,
            task.name,
            count(task.requests),
            failed,
            rate(task.rate_per_s),
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
            "-"};
  }
  return {task.method,  task.name,     count(task.requests), failed,      rate(task.rate_per_s),
          time(r.mean), time(r.p50),   time(r.p75),          time(r.p90), time(r.p95),
          time(r.p99),  time(r.p99_9), time(r.max)};
}

std::string tasks_table(const RunResult& result) {
  report::TextTable table(2, {"Type", "Name", "# reqs", "# fails", "req/s", "Avg", "50%", "75%", "90%", "95%",
                              "99%", "99.9%", "Max"});
  table.add_line();
  for (const auto& task : result.tasks) table.add(task_row(task));
  table.add_line();
  table.add(task_row(result.total));
  return table.str();
}

std::string phases_table(const RunResult& result) {
  if (result.phases.empty()) return {};
  report::TextTable table(2, {"Phase", "", "# reqs", "ok", "# fails", "seconds", "req/s"});
  table.add_line();
  std::uint64_t ok = 0, requests = 0;
  for (const auto& phase : result.phases) {
    table.add({phase.name, "", count(phase.requests), count(phase.ok), count(phase.failed),
               fmt::format("{:.3f}", phase.length.count()), rate(phase.rate_per_s)});
    ok += phase.ok;
    requests += phase.requests;
  }
  return fmt::format("\n{}{}/{} requests succeeded\n", table.str(), ok, requests);
}

std::string failures_table(const RunResult& result) {
  if (result.failures.empty()) return {};
  report::TextTable table(2, {"Failure", "Task", "# fails"});
  table.add_line();
  for (const auto& failure : result.failures) {
    table.add({fmt::format("{}: {}", failure.kind, failure.message), failure.task, count(failure.count)});
  }
  return "\n" + table.str();
}

/// The first failure of each kind that one was kept of, in a few lines.
std::string samples_text(const RunResult& result) {
  constexpr std::size_t most_columns = 100;  // of a line
  std::string out;
  for (const auto& failure : result.failures) {
    if (!failure.sample) continue;
    const auto& sample = *failure.sample;
    const auto request = sample.request_head.substr(0, sample.request_head.find('\n'));
    const auto answer =
        sample.status == 0 ? "no answer" : fmt::format("{} {}", sample.status, sample.answer_body);
    out += fmt::format("  {}, {}: {}\n    > {}\n    < {}\n", one_line(failure.task), failure.kind,
                       one_line(failure.message), cut_to_width(one_line(request), most_columns),
                       cut_to_width(one_line(answer), most_columns));
  }
  return out.empty() ? out : "\nThe first of each kind, with secrets masked:\n" + out;
}

/// Of the requests that failed: their times stand apart, because a refusal is fast and a time-out slow.
std::string failed_times_table(const RunResult& result) {
  if (result.total.bad.response.count == 0) return {};
  report::TextTable table(2, {"Failed", "Task", "# fails", "Avg", "50%", "99%", "Max"});
  table.add_line();
  for (const auto& task : result.tasks) {
    const auto& r = task.bad.response;
    if (r.count == 0) continue;
    table.add({task.method, task.name, count(r.count), time(r.mean), time(r.p50), time(r.p99), time(r.max)});
  }
  return "\n" + table.str();
}

/// Bodies only: heads are not counted.
std::string bytes_line(const RunResult& result) {
  const auto bytes = result.total.content_bytes;
  if (bytes == 0 || result.total.requests == 0) return {};
  const auto text = [](double value) {
    const auto fits = [value](const Unit& unit) { return value >= static_cast<double>(unit.factor); };
    const auto found = std::ranges::find_if(size_units, fits);
    const auto& unit = found != size_units.end() ? *found : size_units.back();
    return fmt::format("{:.4g} {}", value / static_cast<double>(unit.factor), unit.name);
  };
  const auto sum = static_cast<double>(bytes);
  return fmt::format("Bodies: {}, {}/s, {} an answer\n", text(sum),
                     text(result.run.measured.count() > 0 ? sum / result.run.measured.count() : 0),
                     text(sum / static_cast<double>(result.total.requests)));
}

std::string statuses_line(const RunResult& result) {
  if (!result.statuses || result.statuses->empty()) return {};
  std::string out;
  for (const auto& [status, answers] : *result.statuses)
    out += fmt::format("{}{} × {}", out.empty() ? "" : ", ", status, answers);
  return fmt::format("Status codes: {}\n", out);
}

std::string histogram_lines(const RunResult& result) {
  const auto text = histogram_text(result.total.good.response.histogram);
  const auto* unfinished = result.total.unfinished > 0 ? ", with the ages of those unfinished" : "";
  return text.empty() ? "" : fmt::format("\nResponse times of good answers{}\n{}", unfinished, text);
}

std::string counts_line(const TaskStats& total) {
  std::string out;
  if (total.timed_out + total.late + total.dropped > 0) {
    out += fmt::format("{} timed out, {} started late, {} dropped\n", total.timed_out, total.late,
                       total.dropped);
  }
  if (total.drained > 0) {
    out +=
        fmt::format("{} were answered after the load had ended: they are in the percentiles and in no rate\n",
                    total.drained);
  }
  if (const auto unanswered = total.drained_unanswered.value_or(0); unanswered > 0) {
    out += fmt::format("{} failed without an answer after the load had ended: they are in no rate\n",
                       unanswered);
  }
  if (total.unfinished > 0) {
    out +=
        fmt::format("{} unfinished, the oldest {} old: their ages are in the percentiles, as lower bounds\n",
                    total.unfinished, time(total.oldest_unfinished));
  }
  return out;
}

/// What a user would look for in vain.
std::string silent_tasks_line(const RunResult& result) {
  std::string names;
  for (const auto& task : result.tasks) {
    if (task.all_requests() + task.dropped > 0) continue;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", one_line(task.name));
  }
  return names.empty() ? names : fmt::format("Without a request in the measured time: {}\n", names);
}

/// Failures that are no requests.
std::string unsent_line(const RunResult& result) {
  std::uint64_t unsent = 0;
  for (const auto& failure : result.failures) {
    if (failure.kind == to_string(CallOutcome::unsent)) unsent += failure.count;
  }
  if (unsent == 0) return {};
  return fmt::format("{} were not sent, for lack of a value or of data: they are in no figure above\n",
                     unsent);
}

std::string shares(const std::vector<double>& cpu) {
  std::string out;
  for (const double share : cpu) out += fmt::format(" {:.0f}%", 100 * share);
  return out;
}

std::string mix_line(const RunResult& result) {
  std::string out;
  for (const auto& task : result.tasks) {
    if (task.wanted_share == 0 || result.total.requests == 0) continue;
    const auto share = static_cast<double>(task.requests) / static_cast<double>(result.total.requests);
    out += fmt::format("{} {} {:.1f} % ({:.1f} %)", out.empty() ? "" : " ·", one_line(task.name), 100 * share,
                       100 * task.wanted_share);
  }
  return out.empty() || result.tasks.size() == 1 ? "" : fmt::format("Mix (wanted):{}\n", out);
}

/// What was read back from a file may differ in the seventeenth digit, and must not be rounded another way
/// then: a mean of 200 looks often lies in the middle.
double to_twelve_digits(double value) {
  return std::stod(fmt::format("{:.12g}", value));
}

/// Behind a deviation that looks like a fault and is none.
std::string_view meaning_of(const LittlesLaw& law) {
  switch (law.says()) {
    case LittlesLaw::Says::within_chance:
      return ", within chance";
    case LittlesLaw::Says::too_few_looks:
      return ", too few looks to judge";
    case LittlesLaw::Says::holds:
    case LittlesLaw::Says::broken:
      break;  // a note tells of it
  }
  return "";
}

std::string verdict_text(const RunResult& result) {
  const auto& verdict = result.verdict;
  std::string out = "\n";
  if (!verdict.saturated) {
    out += "Nobody judged the load generator.\n";
  } else if (*verdict.saturated) {
    out += "!!! THE LOAD GENERATOR WAS THE BOTTLENECK: these numbers measure it, not the server !!!\n";
    for (const auto& reason : verdict.reasons) out += fmt::format("    {}\n", reason);
  } else {
    out += "The load generator kept up.\n";
  }
  if (!verdict.worker_cpu.empty()) out += fmt::format("CPU per worker:{}; ", shares(verdict.worker_cpu));
  if (!verdict.server_cpu.empty() && verdict.server_cpu != verdict.worker_cpu)
    out += fmt::format("of the server:{}; ", shares(verdict.server_cpu));
  if (verdict.users_share)
    out += fmt::format("of it the users themselves: {:.0f}%; ", 100 * *verdict.users_share);
  out += fmt::format("lag p99: {}\n", time(verdict.lag_p99));
  if (verdict.user_ceiling > 0)
    out += fmt::format("User ceiling of this generator: about {:.0f}\n", verdict.user_ceiling);
  for (const auto& note : verdict.notes) out += fmt::format("Note: {}\n", note);
  if (result.run.steady == false)
    out += "No steady state was found: the run is too short, or the load kept changing.\n";
  if (result.run.interrupted) out += "The run was interrupted.\n";
  if (const auto& law = verdict.littles_law) {
    out += fmt::format(
        "Little's law: {}/s × {} service = {:.2f} requests under way, {:.2f} were seen ({:+.1f} %{})\n",
        rate(law->rate_per_s), time(law->mean_service), to_twelve_digits(law->expected_busy),
        to_twelve_digits(law->busy), to_twelve_digits(100 * law->deviation), meaning_of(*law));
  }
  return out;
}

std::string waterfall_table(const RunResult& result) {
  if (result.waterfall.empty()) return {};
  const bool outside = is_seen_from_outside(result.waterfall.front().stage);
  report::TextTable table(2, {outside ? "Seen from outside" : "Inside the server", "", "mean", "99%"});
  table.add_line();
  for (const auto& stage : result.waterfall)
    table.add({std::string(to_string(stage.stage)), "", time(stage.mean), time(stage.p99)});
  const auto& first = result.waterfall.front();
  const auto connected = first.stage == RequestStage::connect ? first.requests : std::nullopt;
  return "\n" + table.str() +
         (connected ? fmt::format("{} of the requests opened a connection\n", *connected) : "");
}

std::string open_load_line(const RunResult& result) {
  const auto& load = result.verdict.open_load;
  if (!load) return {};
  constexpr double smallest_shown = 0.05;  // less is 0.0
  const auto growth = load->backlog_per_s < smallest_shown
                          ? std::string()
                          : fmt::format(", growing by {:.1f}/s", load->backlog_per_s);
  return fmt::format("Offered {}/s, answered {}/s; when the load ended {} were not answered{}\n",
                     rate(load->offered_per_s), rate(load->answered_per_s), load->backlog, growth);
}

std::string thresholds_text(const RunResult& result) {
  std::string out = result.thresholds.empty() ? "" : "\n";
  for (const auto& threshold : result.thresholds) {
    out += fmt::format("{}  fail if {}\n",
                       !threshold.measured ? "NOT MEASURED"
                       : threshold.failed  ? "FAILED"
                                           : "passed",
                       threshold.text);
  }
  return out;
}

}  // namespace

std::string text_summary(const RunResult& result) {
  return fmt::format("Measured {:.1f} s of {:.1f} s (ramp and warm-up left out: {:.1f} s)\n",
                     result.run.measured.count(), result.run.elapsed.count(), result.run.warm_up.count()) +
         tasks_table(result) + counts_line(result.total) + unsent_line(result) + silent_tasks_line(result) +
         statuses_line(result) + bytes_line(result) + histogram_lines(result) + failed_times_table(result) +
         phases_table(result) + failures_table(result) + samples_text(result) + mix_line(result) +
         open_load_line(result) + verdict_text(result) + waterfall_table(result) + thresholds_text(result);
}

}  // namespace troupe::sim
