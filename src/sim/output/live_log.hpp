#pragma once

#include <filesystem>
#include <fstream>

#include "sim/result/results.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// A file that gets a line of JSON each second while a run lasts, for whoever follows it (`tail -f`). Used by
/// one thread.
class LiveLog {
 public:
  /// Begins the file anew. Error: invalid_argument, names the file.
  static Result<LiveLog> create(const std::filesystem::path& path);

  /// Writes the second at once. Error: io, once the file cannot be written any more.
  Result<void> add(const SeriesPoint& point);

 private:
  LiveLog(std::filesystem::path path, std::ofstream out) : path_(std::move(path)), out_(std::move(out)) {}
  Error fault(ErrorCode code) const;

  std::filesystem::path path_;
  std::ofstream out_;
};

/// The line of a second, as docs/results.md describes it, with the line end. Pure.
std::string log_line(const SeriesPoint& point);

}  // namespace troupe::sim
