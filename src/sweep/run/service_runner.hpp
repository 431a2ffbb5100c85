#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <memory>
#include <vector>

#include "sim/run.hpp"
#include "sim/transport/http_target.hpp"
#include "support/settings.hpp"
#include "sweep/plan/spec.hpp"
#include "sweep/run/command_log.hpp"
#include "sweep/run/repeat_runner.hpp"
#include "sweep/run/running_command.hpp"

namespace troupe::sweep {

/// Measures a service that is not ours (Spec::service): calls its command, waits until it is ready, loads it
/// over HTTP, and calls the other command, whatever became of the repeat. References outlive it.
class ServiceRunner final : public RepeatRunner {
 public:
  /// `users`: settings of the workers that users run on. `log`: the file that the commands' output goes to.
  /// `command`: what knows of the one that runs.
  ServiceRunner(boost::asio::io_context& loop, const Spec& spec, const WorkerSettings& users,
                std::filesystem::path log, RunningCommand& command)
      : loop_(loop), spec_(spec), users_(users), log_file_(std::move(log)), command_(command) {}

  /// Error: unavailable or invalid_argument, with what the command, the service or the load said.
  Result<std::optional<Repeat>> run(const Job& job) override;
  void interrupt() override;

 private:
  struct Counters;
  Result<std::optional<Repeat>> bring_up_and_measure(const Job& job);
  Result<std::optional<Repeat>> measure(const Job& job, std::vector<sim::HttpTarget> targets);
  Result<Counters> count(std::uint16_t port) const;
  Result<void> call(const char* flag, const std::string& command, const Job& job, bool to_the_end);
  bool give_up();

  boost::asio::io_context& loop_;
  const Spec& spec_;
  WorkerSettings users_;
  std::filesystem::path log_file_;
  std::unique_ptr<CommandLog> log_;  ///< null: no command was called yet
  RunningCommand& command_;
  sim::Run* run_ = nullptr;
  bool interrupted_ = false;
};

}  // namespace troupe::sweep
