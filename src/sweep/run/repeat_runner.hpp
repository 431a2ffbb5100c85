#pragma once

#include <optional>

#include "support/result.hpp"
#include "sweep/plan/schedule.hpp"
#include "sweep/records/records.hpp"

namespace troupe::sweep {

/// Runs one repeat of a cell: brings a server into the cell's configuration, warms it up without measuring,
/// measures the load, and leaves nothing behind. Used by the thread that runs the sweep's loop.
class RepeatRunner {
 public:
  virtual ~RepeatRunner() = default;

  /// Blocks. Without a value when it was interrupted. Error: why the cell could not be measured.
  virtual Result<std::optional<Repeat>> run(const Job& job) = 0;
  /// Ends the repeat under way, whose figures are then dropped, and every later one at once. A handler on the
  /// loop's thread may call it.
  virtual void interrupt() = 0;
};

}  // namespace troupe::sweep
