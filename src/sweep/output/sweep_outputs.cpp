#include "sweep/output/sweep_outputs.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "report/struct_json.hpp"
#include "sim/output/csv.hpp"
#include "support/atomic_file.hpp"
#include "sweep/analysis/summary_fields.hpp"

namespace troupe::sweep {
namespace {

constexpr report::Schema summary_schema{"troupe.sweep.summary", 2};
constexpr report::Schema environment_schema{"troupe.sweep.environment", 1};

/// What environment.json holds: of the plan what is needed to run the sweep again, and the surroundings.
struct EnvironmentFile {
  const SweepInfo& info;
};

template <class Visitor, Is<EnvironmentFile> S>
void visit_fields(Visitor& visit, S& s) {
  visit("command", s.info.command);
  visit("started_at", s.info.started_at);
  visit("seed", s.info.seed);
  visit_fields(visit, s.info.test_bed);
}

/// Walks a repeat's fields, so that none can be missing, and keeps their names or their texts.
class CsvRow {
 public:
  enum class Keep { names, values };

  CsvRow(Keep keep, const std::set<std::string>& varied) : keep_(keep), varied_(varied) {}

  std::string line() && { return std::move(line_) + "\r\n"; }

  void operator()(std::string_view name, const std::string& value) { add(name, value); }
  void operator()(std::string_view name, bool value) { add(name, value ? "true" : "false"); }
  void operator()(std::string_view name, std::uint64_t value) { add(name, fmt::format("{}", value)); }
  void operator()(std::string_view name, double value) {
    add(name, std::isfinite(value) ? fmt::format("{}", value) : "");
  }
  void operator()(std::string_view name, const std::optional<double>& value) {
    (*this)(name, value.value_or(unknown));
  }
  template <class Rep, class Period>
  void operator()(std::string_view name, std::chrono::duration<Rep, Period> value) {
    (*this)(name, Number<Rep>(value.count()));
  }
  void operator()(std::string_view, const Cell& cell) {
    visit_fields(*this, cell.workload);
    (*this)("model", cell.configuration.model);
    for (const auto& key : varied_) {
      const auto found = cell.configuration.settings.find(key);
      add(key, found == cell.configuration.settings.end() ? "" : found->second);
    }
    visit_fields(*this, cell.load);
    (*this)("workers", cell.configuration.workers);
    (*this)("connections", cell.configuration.connections);
  }
  void operator()(std::string_view, const std::vector<sim::WaterfallStage>& waterfall) {
    for (std::size_t i = 0; i < sim::request_stage_names.size(); ++i) {
      const auto found =
          std::ranges::find(waterfall, static_cast<sim::RequestStage>(i), &sim::WaterfallStage::stage);
      const bool known = found != waterfall.end();
      const auto name = sim::request_stage_names[i];
      (*this)(fmt::format("{}_mean_us", name), known ? found->mean.count() : unknown);
      add(fmt::format("{}_p99_us", name), known ? fmt::format("{}", found->p99.count()) : "");
    }
  }

 private:
  template <class Rep>
  using Number = std::conditional_t<std::is_floating_point_v<Rep>, double, std::uint64_t>;

  void add(std::string_view name, std::string_view value) {
    if (!first_) line_ += ',';
    first_ = false;
    line_ += sim::csv_field(keep_ == Keep::names ? name : value);
  }

  Keep keep_;
  const std::set<std::string>& varied_;
  std::string line_;
  bool first_ = true;
};

/// The settings that differ, by their TOML keys: those of the plan, also before a cell with them ran.
std::set<std::string> varied_settings(const Sweep& sweep) {
  std::set<std::string> out;
  for (const auto& [name, values] : sweep.info.axes)
    if (name.find('.') != std::string::npos) out.insert(name);
  for (const auto& repeat : sweep.repeats)
    for (const auto& [key, value] : repeat.cell.configuration.settings) out.insert(key);
  return out;
}

std::string csv_line(CsvRow::Keep keep, const std::set<std::string>& varied, const Repeat& repeat) {
  CsvRow row(keep, varied);
  visit_fields(row, repeat);
  return std::move(row).line();
}

}  // namespace

std::string results_csv(const Sweep& sweep) {
  const auto varied = varied_settings(sweep);
  auto out = csv_line(CsvRow::Keep::names, varied, Repeat{});
  for (const auto& repeat : sweep.repeats) out += csv_line(CsvRow::Keep::values, varied, repeat);
  return out;
}

std::string summary_json(const Summary& summary) {
  return report::json_text(report::tree_of(summary_schema, summary));
}

std::string environment_json(const SweepInfo& info) {
  return report::json_text(report::tree_of(environment_schema, EnvironmentFile{info}));
}

Result<void> write_outputs(const std::filesystem::path& directory, const Sweep& sweep,
                           const Summary& summary) {
  if (auto done = write_file(directory / "results.csv", results_csv(sweep)); !done) return done;
  if (auto done = write_file(directory / "summary.json", summary_json(summary)); !done) return done;
  return write_file(directory / "environment.json", environment_json(sweep.info));
}

}  // namespace troupe::sweep
