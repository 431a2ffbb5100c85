#include "world/faults/fault.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>

namespace troupe::world {
namespace {

struct KindFacts {
  const char* name;
  Duration most_time;  ///< none: it is over at once
};

using std::chrono::milliseconds;
constexpr std::array<KindFacts, fault_kinds> kinds{{
    {"crash", milliseconds(2'000)},
    {"terminate", {}},
    {"cut connection", {}},
    {"cancel", {}},
    {"read-only", milliseconds(1'500)},
    {"silence", milliseconds(8'000)},
    {"delay answers", milliseconds(3'000)},
    {"stall disk", milliseconds(3'000)},
    {"slow disk", milliseconds(2'000)},
    {"refuse connections", milliseconds(1'500)},
    {"too many connections", milliseconds(1'500)},
    {"cut client", {}},
    {"vanish client", {}},
}};

constexpr std::uint64_t most_which = 1'000;  // many times the clients or connections that there are

const KindFacts& facts_of(FaultKind kind) {
  return kinds[static_cast<std::size_t>(kind)];
}

}  // namespace

std::vector<Fault> schedule(std::uint64_t seed, Duration time) {
  Rng random(seed, RandomStream::world_faults);
  std::vector<Fault> faults;
  // Now none, now a few, now one on the other's heels.
  constexpr std::array<std::uint64_t, 4> most{0, 4, 12, 40};
  const auto count = random.below(most[random.below(most.size())] + 1);
  // A seed is about some kinds: all of them at once would hide what two do together.
  std::array<bool, fault_kinds> wanted{};
  for (auto& one : wanted) one = random.below(3) == 0;
  wanted[random.below(fault_kinds)] = true;
  while (faults.size() < count) {
    const auto place = random.below(fault_kinds);
    if (!wanted[place]) continue;
    Fault fault{Duration(random.below(static_cast<std::uint64_t>(time.count()))),
                static_cast<FaultKind>(place),
                random.below(most_which),
                {}};
    const auto most_time = facts_of(fault.kind).most_time;
    if (most_time > Duration{})
      fault.time = Duration(1 + random.below(static_cast<std::uint64_t>(most_time.count())));
    faults.push_back(fault);
  }
  std::ranges::stable_sort(faults, {}, &Fault::at);
  return faults;
}

const char* name_of(FaultKind kind) {
  return facts_of(kind).name;
}

std::string to_text(const Fault& fault) {
  auto text = fmt::format("at {:.3f} s: {}", to_seconds(fault.at), name_of(fault.kind));
  if (fault.time == Duration{}) text += fmt::format(" {}", fault.which);
  if (fault.time > Duration{}) text += fmt::format(" for {:.0f} ms", to_seconds(fault.time) * 1e3);
  return text;
}

}  // namespace troupe::world
