#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "world/run/report.hpp"
#include "world/run/world.hpp"

namespace troupe::world {

/// Runs worlds in processes of their own, some at a time: one that crashes or hangs is a finding, and does
/// not take the others with it. Used by one thread of a process that has no other.
class Children {
 public:
  /// `limit`: real time that one may take, or it counts as hung.
  explicit Children(std::chrono::seconds limit) : limit_(limit) {}
  ~Children();
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  void start(const WorldOptions& options);
  std::size_t running() const { return children_.size(); }
  /// Waits for the next one to end. There must be one.
  WorldReport wait();

 private:
  struct Child {
    std::uint64_t seed;
    pid_t process;
    int output;  ///< both of the child's outputs, to read from
    std::chrono::steady_clock::time_point end;
    std::string text{};
    bool hung = false;
  };

  bool read_from(Child& child);
  WorldReport report_of(const Child& child) const;

  std::chrono::seconds limit_;
  std::vector<Child> children_;
};

/// The same for one world, to its end.
WorldReport run_in_child(const WorldOptions& options, std::chrono::seconds limit);

}  // namespace troupe::world
