#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/own_server.hpp"
#include "sim/load/plan.hpp"
#include "support/result.hpp"
#include "support/settings_load.hpp"
#include "sweep/plan/spec.hpp"
#include "sweep/records/cell.hpp"

namespace troupe::sweep {

/// Where named scenarios and models are looked for, in this order.
struct Directories {
  std::vector<std::filesystem::path> scenarios, models;
};

/// One value of every axis: axis -> value.
using AxisValues = std::map<std::string, std::string>;

/// A cell with all that is needed to run it.
struct PlannedCell {
  Cell cell;
  AxisValues choice;
  Settings settings;
  std::shared_ptr<const sim::Scenario> scenario;
  harness::TransportKind transport = harness::TransportKind::direct;
  std::map<std::string, std::string> load_options;  ///< see Spec
  std::uint64_t items = 0;                          ///< that exist before the load begins
  std::uint64_t most_users = 0;  ///< at once; with arrival rates: requests under way at most
};

/// Makes cells of choices. Reads each scenario and model once. The spec outlives it.
class CellMaker {
 public:
  CellMaker(const Spec& spec, Settings base, Directories directories);

  /// Nothing when a constraint leaves it out. Error: invalid_argument, one line that names the axis and its
  /// value.
  Result<std::optional<PlannedCell>> make(const AxisValues& choice);

  /// The files that the cells so far were made from.
  const std::map<std::string, Input>& inputs() const { return inputs_; }

 private:
  Result<std::shared_ptr<const sim::Scenario>> scenario_of(const std::string& name);
  Result<std::vector<FileValue>> model_of(const std::string& name);
  Result<void> apply_settings(const AxisValues& choice, PlannedCell& planned);
  Result<void> apply_workload(const AxisValues& choice, PlannedCell& planned);
  Result<bool> allowed(const PlannedCell& planned) const;

  const Spec& spec_;
  std::map<std::string, Input> inputs_;
  Settings base_;
  Directories directories_;
  std::map<std::string, std::shared_ptr<const sim::Scenario>> scenarios_;
  std::map<std::string, std::vector<FileValue>> models_;
};

/// All cells of a sweep.
struct Grid {
  std::vector<Axis> axes;  ///< with the standard ones where the spec says nothing
  std::vector<PlannedCell> cells;
  std::size_t left_out = 0;  ///< by constraints
};

/// Every combination of the axes' values that the constraints allow. Errors as of CellMaker, and for an empty
/// grid and one that is beyond all measure.
Result<Grid> make_grid(const Spec& spec, CellMaker& maker);

/// The load of one repeat of a cell: constant from the start, measured for `duration` after `warm_up`.
Result<std::shared_ptr<const sim::Plan>> plan_load(const PlannedCell& planned, Duration warm_up,
                                                   Duration duration, std::uint64_t seed);

}  // namespace troupe::sweep
