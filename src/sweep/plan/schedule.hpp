#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "sweep/plan/grid.hpp"
#include "sweep/records/records.hpp"

namespace troupe::sweep {

/// One repeat to be run.
struct Job {
  const PlannedCell* planned = nullptr;
  std::uint64_t round = 0;
};

/// In which order a sweep runs its repeats. Rounds follow each other, and each runs its cells once in a
/// random order of its own, so that a machine that gets slower meanwhile favours no cell. With a budget the
/// first round is coarse (every other value of each list of numbers), the second one has the cells next to
/// the knee and loads between theirs; then come further rounds of these, and rounds of everything until the
/// time is over. Everything follows from the seed and what was recorded.
class Schedule {
 public:
  /// `done`: what an earlier part of the sweep has recorded. `maker` and `grid` outlive the schedule.
  Schedule(const Spec& spec, const Grid& grid, CellMaker& maker, const std::vector<Repeat>& done);

  /// The next job, none when all is done.
  std::optional<Job> next();
  /// To be told of every repeat that was recorded.
  void on_recorded(const Repeat& repeat);
  /// How many jobs there are in all; with a budget nobody knows.
  std::optional<std::size_t> total() const;

 private:
  enum class Phase { coarse, near_knee, more_rounds, all_rounds };

  void fill_next_phase();
  void add_round(std::vector<const PlannedCell*> cells);
  std::vector<const PlannedCell*> all_cells() const;
  std::vector<const PlannedCell*> cells_near_knee();
  const PlannedCell* best_cell(const Workload& workload) const;
  const PlannedCell* knee_cell(const PlannedCell& best) const;
  void add_loads_beside(const PlannedCell& knee, std::vector<const PlannedCell*>& to);
  double rate_of(const Cell& cell) const;
  const PlannedCell* find(const Cell& cell) const;

  const Spec& spec_;
  const Grid& grid_;
  CellMaker& maker_;
  std::deque<PlannedCell> added_;  ///< loads between those of the grid; a deque: jobs point into it
  std::set<std::pair<Cell, std::uint64_t>> recorded_;
  std::set<std::pair<Cell, std::uint64_t>> run_again_;
  std::map<Cell, std::vector<double>> rates_;
  std::vector<const PlannedCell*> chosen_;  ///< with a budget: what the rounds so far are about
  std::deque<Job> jobs_;
  Phase phase_ = Phase::coarse;
  std::uint64_t next_round_ = 0;
};

/// Whether a choice takes every other value of each list of more than two numbers; the last one counts in any
/// case.
bool is_coarse(const AxisValues& choice, const std::vector<Axis>& axes);

}  // namespace troupe::sweep
