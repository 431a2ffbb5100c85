#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/load/plan.hpp"
#include "sim/measure/interval.hpp"
#include "sim/measure/run_statistics.hpp"
#include "sim/result/results.hpp"
#include "support/result.hpp"

/// What a run measured, second by second, in a file that grows while it runs: a crash or a kill loses a
/// second, and the result is made from the rest. MessagePack values one after another, as in a sweep's
/// records: a header, then a map for each second (and where ramp, warm-up or load end).
namespace troupe::sim {

constexpr std::string_view run_record_schema = "troupe.run.record";
constexpr std::int64_t run_record_version = 2;

/// What must be known beside the seconds to make a result of them.
struct RunRecordHead {
  RunInfo run;
  std::vector<RunStatistics::TaskName> tasks;
  WarmUp warm_up;
  Duration ramp{};
  Duration timeout{};
  std::optional<Duration> length{};  ///< of the load; absent: a cycle's, which nobody knows before
};

/// Appends to a new file. Used by one thread. The file is whole after each call but for a last record that a
/// crash cut off.
class RunRecordWriter {
 public:
  /// Error: invalid_argument when there is such a file already, or it cannot be made.
  static Result<RunRecordWriter> create(const std::filesystem::path& path, const RunRecordHead& head);
  RunRecordWriter(RunRecordWriter&&) noexcept;
  RunRecordWriter& operator=(RunRecordWriter&&) = delete;
  ~RunRecordWriter();

  /// Takes the next interval of the run, in order. Error: io, once the file cannot be written any more.
  Result<void> add(const Interval& interval);
  /// Writes what has not filled a second yet.
  Result<void> finish();

 private:
  RunRecordWriter(std::filesystem::path path, int descriptor, Duration measured_from);
  Result<void> write(std::string_view bytes);

  std::filesystem::path path_;
  int descriptor_ = -1;
  Duration measured_from_;
  std::optional<Interval> pending_;
};

/// Whether these bytes begin as such a record does.
bool is_run_record(std::string_view bytes);

/// The result of what was recorded, without a verdict, as interrupted when it ends before the load. A last
/// record that was cut off is left out. Error: invalid_argument, names the byte.
Result<RunResult> read_run_record(std::string_view bytes);

}  // namespace troupe::sim
