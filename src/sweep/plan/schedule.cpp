#include "sweep/plan/schedule.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>

#include "support/parse.hpp"
#include "support/random.hpp"

namespace troupe::sweep {
namespace {

// A load counts as behind the knee when it reaches this share of the best rate.
constexpr double flat = 0.95;
// Between two loads nearer than this there is nothing to find.
constexpr double finest_step = 1.5;

double level_of(const Load& load) {
  return load.users != 0 ? static_cast<double>(load.users) : load.arrival_rate_per_s;
}

const char* axis_of(const Load& load) {
  return load.users != 0 ? "users" : "arrival_rate";
}

std::size_t place_of(const Axis& axis, const std::string& value) {
  return static_cast<std::size_t>(std::ranges::find(axis.values, value) - axis.values.begin());
}

bool is_numeric(const Axis& axis) {
  return std::ranges::all_of(axis.values, [](const auto& text) { return parse_number(text).has_value(); });
}

/// Neighbours differ on one axis, by one place in its list.
bool are_neighbours(const AxisValues& a, const AxisValues& b, const std::vector<Axis>& axes) {
  std::size_t steps = 0;
  for (const auto& axis : axes) {
    const auto i = place_of(axis, a.at(axis.name)), j = place_of(axis, b.at(axis.name));
    steps += i > j ? i - j : j - i;
  }
  return steps == 1;
}

}  // namespace

bool is_coarse(const AxisValues& choice, const std::vector<Axis>& axes) {
  return std::ranges::all_of(axes, [&](const Axis& axis) {
    const auto place = place_of(axis, choice.at(axis.name));
    return axis.values.size() <= 2 || !is_numeric(axis) || place % 2 == 0 || place + 1 == axis.values.size();
  });
}

Schedule::Schedule(const Spec& spec, const Grid& grid, CellMaker& maker, const std::vector<Repeat>& done)
    : spec_(spec), grid_(grid), maker_(maker) {
  for (const auto& repeat : done) on_recorded(repeat);
  if (spec_.budget) return;
  for (std::uint64_t i = 0; i < spec_.repeats; ++i) add_round(all_cells());
}

std::optional<Job> Schedule::next() {
  while (true) {
    while (jobs_.empty() && spec_.budget) fill_next_phase();
    if (jobs_.empty()) return std::nullopt;
    const auto job = jobs_.front();
    jobs_.pop_front();
    if (!recorded_.contains({job.planned->cell, job.round})) return job;
  }
}

void Schedule::on_recorded(const Repeat& repeat) {
  // With a budget there is time to run once more what others disturbed; the last one of a round counts.
  if (repeat.disturbed && spec_.budget && run_again_.insert({repeat.cell, repeat.round}).second) {
    if (const auto* planned = find(repeat.cell)) jobs_.push_front({planned, repeat.round});
    return;
  }
  recorded_.insert({repeat.cell, repeat.round});
  if (repeat.failure.empty()) rates_[repeat.cell].push_back(repeat.rate_per_s);
}

const PlannedCell* Schedule::find(const Cell& cell) const {
  const auto in_grid = std::ranges::find(grid_.cells, cell, &PlannedCell::cell);
  if (in_grid != grid_.cells.end()) return &*in_grid;
  const auto added = std::ranges::find(added_, cell, &PlannedCell::cell);
  return added != added_.end() ? &*added : nullptr;
}

std::optional<std::size_t> Schedule::total() const {
  if (spec_.budget) return std::nullopt;
  return grid_.cells.size() * spec_.repeats;
}

/// Every round has a number of its own: repeats of one number lie close in time and may be compared.
void Schedule::add_round(std::vector<const PlannedCell*> cells) {
  const auto round = next_round_++;
  Rng rng(spec_.seed, RandomStream::sweep_order, round);
  // Not std::shuffle, whose order differs between libraries: a seed must repeat a sweep anywhere
  // (Fisher-Yates).
  for (std::size_t left = cells.size(); left > 1; --left) std::swap(cells[left - 1], cells[rng.below(left)]);
  for (const auto* planned : cells) jobs_.push_back({planned, round});
}

std::vector<const PlannedCell*> Schedule::all_cells() const {
  std::vector<const PlannedCell*> cells;
  for (const auto& planned : grid_.cells) cells.push_back(&planned);
  for (const auto& planned : added_) cells.push_back(&planned);
  return cells;
}

void Schedule::fill_next_phase() {
  switch (phase_) {
    case Phase::coarse:
      chosen_ = all_cells();
      std::erase_if(chosen_, [&](const auto* planned) { return !is_coarse(planned->choice, grid_.axes); });
      add_round(chosen_);
      phase_ = Phase::near_knee;
      break;
    case Phase::near_knee: {
      const auto near = cells_near_knee();
      add_round(near);
      chosen_.insert(chosen_.end(), near.begin(), near.end());
      phase_ = Phase::more_rounds;
      break;
    }
    case Phase::more_rounds:
      // All in common rounds, as often as was wanted: the first ones of both stages lie apart.
      for (std::uint64_t i = 0; i < spec_.repeats; ++i) add_round(chosen_);
      phase_ = Phase::all_rounds;
      break;
    case Phase::all_rounds:
      add_round(all_cells());
      break;
  }
}

double Schedule::rate_of(const Cell& cell) const {
  const auto found = rates_.find(cell);
  if (found == rates_.end()) return 0;
  auto rates = found->second;
  std::ranges::nth_element(rates, rates.begin() + static_cast<std::ptrdiff_t>(rates.size() / 2));
  return rates[rates.size() / 2];
}

const PlannedCell* Schedule::best_cell(const Workload& workload) const {
  const PlannedCell* best = nullptr;
  for (const auto* planned : chosen_) {
    if (planned->cell.workload != workload) continue;
    if (best == nullptr || rate_of(planned->cell) > rate_of(best->cell)) best = planned;
  }
  return best;
}

const PlannedCell* Schedule::knee_cell(const PlannedCell& best) const {
  const auto* knee = &best;
  for (const auto* planned : chosen_) {
    const auto& cell = planned->cell;
    if (cell.workload != best.cell.workload || cell.configuration != best.cell.configuration) continue;
    const bool earlier = level_of(cell.load) < level_of(knee->cell.load);
    if (earlier && rate_of(cell) >= flat * rate_of(best.cell)) knee = planned;
  }
  return knee;
}

std::vector<const PlannedCell*> Schedule::cells_near_knee() {
  std::set<Workload> workloads;
  for (const auto* planned : chosen_) workloads.insert(planned->cell.workload);
  std::vector<const PlannedCell*> near;
  for (const auto& workload : workloads) {
    const auto& knee = *knee_cell(*best_cell(workload));
    for (const auto& planned : grid_.cells) {
      const bool new_one = std::ranges::find(chosen_, &planned) == chosen_.end();
      if (new_one && are_neighbours(planned.choice, knee.choice, grid_.axes)) near.push_back(&planned);
    }
    add_loads_beside(knee, near);
  }
  return near;
}

/// Loads in the middle (of a logarithmic scale) between the knee's and the next ones of the grid.
void Schedule::add_loads_beside(const PlannedCell& knee, std::vector<const PlannedCell*>& to) {
  const double level = level_of(knee.cell.load);
  double below = 0, above = 0;
  for (const auto& planned : grid_.cells) {
    if (planned.cell.workload != knee.cell.workload || planned.cell.configuration != knee.cell.configuration)
      continue;
    const double other = level_of(planned.cell.load);
    if (other < level) below = std::max(below, other);
    if (other > level) above = above == 0 ? other : std::min(above, other);
  }
  for (const double other : {below, above}) {
    if (other == 0 || std::max(other, level) < finest_step * std::min(other, level)) continue;
    auto choice = knee.choice;
    choice[axis_of(knee.cell.load)] = fmt::format("{}", std::llround(std::sqrt(other * level)));
    // What a constraint leaves out is left out here, too; a choice next to a valid one has no other fault.
    auto planned = maker_.make(choice);
    if (!planned || !*planned) continue;
    to.push_back(&added_.emplace_back(**std::move(planned)));
  }
}

}  // namespace troupe::sweep
