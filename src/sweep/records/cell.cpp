#include "sweep/records/cell.hpp"

#include <algorithm>
#include <cmath>

#include "support/number_formats.hpp"

namespace troupe::sweep {
namespace {

/// Arrival rates are given, not measured: all their digits are meant.
std::string rate_as_given(double rate) {
  return rate == std::floor(rate) && rate >= 0 && rate < 1e15 ? grouped(static_cast<std::uint64_t>(rate))
                                                              : figure(rate);
}

bool shared_short_name(const std::map<std::string, std::string>& settings, const std::string& name) {
  return std::count_if(settings.begin(), settings.end(),
                       [&](const auto& setting) { return short_name(setting.first) == name; }) > 1;
}

}  // namespace

std::string short_name(const std::string& key) {
  if (key == "workers.count") return "workers";  // what everybody calls it
  const auto dot = key.rfind('.');
  return dot == std::string::npos ? key : key.substr(dot + 1);
}

std::string describe(const Configuration& configuration) {
  std::string out = configuration.model;
  for (const auto& [key, value] : configuration.settings) {
    if (!out.empty()) out += ' ';
    const auto name = short_name(key);
    out += (shared_short_name(configuration.settings, name) ? key : name) + "=" + value;
  }
  if (!out.empty()) return out;
  return is_outside(configuration) ? "the service as it is" : "the settings in force";
}

std::string describe(const Load& load) {
  if (load.arrival_rate_per_s > 0) return rate_as_given(load.arrival_rate_per_s) + " arrivals/s";
  return counted(load.users, "user");
}

std::string describe(const Workload& workload) {
  return workload.scenario + " over " + workload.transport;
}

std::string describe(const Cell& cell) {
  return describe(cell.workload) + ", " + describe(cell.configuration) + ", " + describe(cell.load);
}

}  // namespace troupe::sweep
