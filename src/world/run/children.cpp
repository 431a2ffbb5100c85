#include "world/run/children.hpp"

#include <poll.h>
#include <spdlog/fmt/fmt.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <utility>

#include "support/log.hpp"

namespace troupe::world {
namespace {

constexpr std::size_t told_of_output = 2'000;  // bytes, of a process that died

// What is thrown ends this process: the parent's objects, which it has copies of, must not be unwound.
[[noreturn]] void run_and_exit(const WorldOptions& options, int output) noexcept {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  change_log_level({.level = "error"});  // a broken database is no news here; what is worse is a finding
  std::optional<World> world(std::in_place, options);
  const auto report = "\n" + to_json(world->run()) + "\n";
  if (::write(STDOUT_FILENO, report.data(), report.size()) < 0) std::_Exit(1);
  if (world->can_end()) world.reset();
  std::_Exit(0);
}

}  // namespace

Children::~Children() {
  for (auto& child : children_) {
    ::kill(child.process, SIGKILL);
    ::waitpid(child.process, nullptr, 0);
    ::close(child.output);
  }
}

void Children::start(const WorldOptions& options) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("cannot make a pipe");
  const auto process = ::fork();
  if (process < 0) throw std::runtime_error("cannot start a process");
  if (process == 0) {
    ::close(ends[0]);
    run_and_exit(options, ends[1]);
  }
  ::close(ends[1]);
  children_.push_back({options.seed, process, ends[0], std::chrono::steady_clock::now() + limit_});
}

/// False at the end of the output.
bool Children::read_from(Child& child) {
  std::array<char, 64 * 1024> buffer;
  const auto count = ::read(child.output, buffer.data(), buffer.size());
  if (count > 0) child.text.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
}

WorldReport Children::wait() {
  while (true) {
    std::vector<pollfd> polled;
    for (const auto& child : children_) polled.push_back({child.output, POLLIN, 0});
    ::poll(polled.data(), polled.size(), 100);
    for (std::size_t i = 0; i < children_.size(); ++i) {
      auto& child = children_[i];
      if (!child.hung && std::chrono::steady_clock::now() > child.end) {
        child.hung = true;
        ::kill(child.process, SIGKILL);
      }
      if (polled[i].revents == 0 || read_from(child)) continue;
      auto ended = std::move(child);
      children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(i));
      return report_of(ended);
    }
  }
}

WorldReport Children::report_of(const Child& child) const {
  int status = 0;
  ::waitpid(child.process, &status, 0);
  ::close(child.output);
  WorldReport report;
  const auto begin = child.text.rfind("\n{");
  const auto printed = begin == std::string::npos ? child.text : child.text.substr(0, begin);
  try {
    if (begin != std::string::npos) report = report_of_json(child.text.substr(begin + 1));
  } catch (const std::exception& fault) {
    report = {};
    report.wrong.push_back(fmt::format("its report cannot be read: {}", fault.what()));
  }
  report.seed = child.seed;
  if (child.hung) {
    report.wrong.push_back(fmt::format("it was still running after {} s", limit_.count()));
  } else if (WIFSIGNALED(status)) {
    report.wrong.push_back(fmt::format("the process was killed by signal {}", WTERMSIG(status)));
  } else if (WEXITSTATUS(status) != 0 || begin == std::string::npos) {
    report.wrong.push_back(fmt::format("the process ended with code {}", WEXITSTATUS(status)));
  }
  if (!printed.empty()) {
    auto last = printed.substr(printed.size() - std::min(printed.size(), told_of_output));
    std::ranges::replace(last, '\n', ' ');
    report.wrong.push_back("it printed: " + last);
  }
  return report;
}

WorldReport run_in_child(const WorldOptions& options, std::chrono::seconds limit) {
  Children children(limit);
  children.start(options);
  return children.wait();
}

}  // namespace troupe::world
