#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "postgres/cluster/child_process.hpp"
#include "support/result.hpp"

namespace troupe::sweep {

/// The file that a sweep's commands write to, and what they leave running. Of each command's output it keeps
/// the first and the last part, and says how much is left out between them; a thread of its own looks after
/// that. A file and no pipe, so that what goes on behind the sweep can go on writing.
class CommandLog {
 public:
  /// Appends to the file. `limit`: bytes of each command, at least least_command_output. Error: io.
  static Result<std::unique_ptr<CommandLog>> open(const std::filesystem::path& path, std::uint64_t limit);
  ~CommandLog();

  /// What commands write to.
  int descriptor() const { return file_.get(); }
  /// Begins the part of another command with a line that tells of it. Error: io.
  Result<void> begin(std::string_view flag, std::string_view command);
  /// The last lines of the command's output, as one.
  std::string last_lines();

 private:
  CommandLog(std::filesystem::path path, postgres::FileDescriptor file, std::uint64_t limit);
  void watch(const std::stop_token& stop);
  void shorten();

  std::filesystem::path path_;
  postgres::FileDescriptor file_;
  off_t limit_;
  std::mutex mutex_;
  off_t begin_ = 0;       ///< of the command's output
  off_t left_out_ = 0;    ///< bytes of it
  off_t told_bytes_ = 0;  ///< of the line that says so
  std::condition_variable_any woken_;
  std::jthread thread_;
};

}  // namespace troupe::sweep
