#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "postgres/cluster/child_process.hpp"
#include "sim/result/results.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// A file that gets a line of JSON each second while a run lasts, for whoever follows it (`tail -f`, a pipe).
/// Never waits for a reader. Used by one thread.
class LiveLog {
 public:
  /// "-": standard output. A file must be new, empty or such a log, which is begun anew; a named pipe must
  /// have a reader. Error: invalid_argument, names the file.
  static Result<LiveLog> create(const std::string& path);

  /// Writes the second at once. Error: io, once the file cannot be written any more, or its reader is late.
  Result<void> add(const SeriesPoint& point);

 private:
  LiveLog(std::string path, postgres::FileDescriptor out) : path_(std::move(path)), out_(std::move(out)) {}

  std::string path_;
  postgres::FileDescriptor out_;
};

/// The line of a second, as docs/reference/results.md describes it, with the line end. Pure.
std::string log_line(const SeriesPoint& point);

}  // namespace troupe::sim
