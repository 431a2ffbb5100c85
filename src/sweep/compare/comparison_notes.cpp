#include "sweep/compare/comparison_notes.hpp"

#include <spdlog/fmt/fmt.h>

#include <map>
#include <set>

#include "support/number_formats.hpp"

namespace troupe::sweep {
namespace {

using Lines = std::vector<std::string>;
using Texts = std::map<std::string, std::string>;

void note(Lines& out, const std::string& name, const std::string& a, const std::string& b) {
  if (a == b) return;
  const auto shown = [](const std::string& text) { return text.empty() ? std::string("(none)") : text; };
  out.push_back(fmt::format("different {}: {} and {}", name, shown(a), shown(b)));
}

void note(Lines& out, const std::string& name, sim::Seconds a, sim::Seconds b) {
  note(out, name, duration_us(sim::MeanMicros(a).count()), duration_us(sim::MeanMicros(b).count()));
}

void note(Lines& out, const std::string& kind, const Texts& a, const Texts& b) {
  std::set<std::string> keys;
  for (const auto& [key, value] : a) keys.insert(key);
  for (const auto& [key, value] : b) keys.insert(key);
  const auto of = [](const Texts& texts, const std::string& key) {
    const auto found = texts.find(key);
    return found == texts.end() ? std::string() : found->second;
  };
  for (const auto& key : keys) note(out, kind + " " + key, of(a, key), of(b, key));
}

void note(Lines& out, const sim::Host& a, const sim::Host& b) {
  const auto whole = [](std::uint64_t value) { return grouped(value); };
  note(out, "CPU", a.cpu, b.cpu);
  note(out, "number of CPUs", whole(a.cpus), whole(b.cpus));
  note(out, "memory in bytes", whole(a.memory_bytes), whole(b.memory_bytes));
  note(out, "kernel", a.kernel, b.kernel);
}

std::string workload_text(const sim::LoadSummary& of) {
  std::string text = of.model;
  if (of.users > 0) text += fmt::format(", {} users", of.users);
  if (of.arrival_rate_per_s > 0)
    text += fmt::format(", {} arrivals/s {}", of.arrival_rate_per_s, of.arrivals);
  if (of.mean_think.count() > 0) {
    text += fmt::format(", think time {}", duration_us(sim::MeanMicros(of.mean_think).count()));
  }
  return text;
}

}  // namespace

Lines differences(const SweepInfo& a, const SweepInfo& b) {
  Lines out;
  note(out, a.test_bed.host, b.test_bed.host);
  note(out, "version of", a.test_bed.versions, b.test_bed.versions);
  note(out, "PostgreSQL setting", a.test_bed.postgresql_settings, b.test_bed.postgresql_settings);
  note(out, "database", a.test_bed.database, b.test_bed.database);
  note(out, "setting", a.test_bed.settings, b.test_bed.settings);
  note(out, "duration of a repeat", a.duration, b.duration);
  note(out, "warm-up", a.warm_up, b.warm_up);
  return out;
}

Lines differences(const sim::RunInfo& a, const sim::RunInfo& b) {
  Lines out;
  note(out, a.host, b.host);
  note(out, "version of", a.versions, b.versions);
  note(out, "setting", a.settings, b.settings);
  note(out, "scenario", a.scenario, b.scenario);
  note(out, "transport", a.transport, b.transport);
  note(out, "target", a.target, b.target);
  note(out, "workload", workload_text(a.workload), workload_text(b.workload));
  note(out, "warm-up", a.warm_up, b.warm_up);
  return out;
}

}  // namespace troupe::sweep
