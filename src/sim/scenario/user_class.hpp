#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/data_rows.hpp"
#include "support/distributions.hpp"
#include "support/time.hpp"

namespace troupe::sim {

/// Which row of its data a user has.
enum class DataMode : std::uint8_t {
  each_request,  ///< another one for each request, all alike
  random,        ///< one for its life, all alike
  sequential,    ///< the next one, from the first again behind the last
  unique,        ///< the next one, which no other user has
};

/// What one kind of users does: a start, then tasks by weight or steps in order again and again, then a stop.
/// Tasks are positions in Scenario::tasks.
struct UserClass {
  std::string name;  ///< empty: of the tasks at the top of the file
  unsigned weight = 1;
  ThinkTime think_time;
  std::shared_ptr<const DataRows> data = {};
  DataMode mode = DataMode::random;
  std::vector<std::uint16_t> start;  ///< once, when a user begins; again from the first if one fails
  std::vector<std::uint16_t> tasks_by_weight;  ///< each as often as its weight; empty: it has steps
  std::vector<std::uint16_t> steps;            ///< in order
  std::vector<std::uint16_t> stop;             ///< once, when it ends
  /// An iteration (a task, or all steps) begins that long after the one before; absent: after the pause.
  std::optional<Duration> every;
  std::optional<std::uint64_t> iterations;  ///< of each user; absent: until the load ends
  bool ends_on_failure = false;             ///< a user one of whose steps has failed does no other
};

/// Where a user has its place: users take the places in turn, and begin again at the first.
struct UserPlace {
  std::uint16_t user_class = 0;
  std::uint32_t ordinal = 0;  ///< among the places of its class
};

/// As many places for each class as its weight, mixed so that the first few users are of all classes.
std::vector<UserPlace> place_users(const std::vector<UserClass>& classes);

}  // namespace troupe::sim
