#include "sweep/analysis/summary.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace troupe::sweep {
namespace {

constexpr std::array<std::pair<BottleneckKind, std::string_view>, 8> bottleneck_names{{
    {BottleneckKind::none_named, ""},
    {BottleneckKind::load, "the load"},
    {BottleneckKind::worker_cpu, "CPU of the workers"},
    {BottleneckKind::machine_cpu, "CPUs of the machine"},
    {BottleneckKind::postgresql, "waiting for PostgreSQL"},
    {BottleneckKind::connection, "waiting for a connection"},
    {BottleneckKind::actor, "waiting for an actor"},
    {BottleneckKind::not_known, "not known"},
}};

}  // namespace

std::string_view name_of(BottleneckKind kind) {
  return std::ranges::find(bottleneck_names, kind, [](const auto& entry) { return entry.first; })->second;
}

BottleneckKind bottleneck_named(std::string_view name) {
  const auto found =
      std::ranges::find(bottleneck_names, name, [](const auto& entry) { return entry.second; });
  return found == bottleneck_names.end() ? BottleneckKind::not_known : found->first;
}

}  // namespace troupe::sweep
