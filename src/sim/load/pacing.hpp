#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "support/distributions.hpp"
#include "support/result.hpp"
#include "support/time.hpp"

// When users are there and when arrivals are due, in one picture. A profile is a line of straight pieces:
//
//   level
//   100 ┤    ╱▔▔▔▔▔▔▔╲       closed: the level is how many users there are at a moment (users_wanted)
//       │   ╱         ╲      open:   the level is a rate, so the area under the line up to a moment is how
//     0 ┼──╱           ╲──           many arrivals are due by then, and the arrival after n earlier ones is
//       0  10s       50s             due when the area reaches n (time_of_area, the inverse of area_until)

namespace troupe::sim {

/// One part of a load profile: the level moves in a straight line from where the part before it ended to
/// `target`. A part of no length is a jump; two parts with the same target hold it.
struct Stage {
  Duration length{};
  double target = 0;  ///< users (closed workload) or arrivals per second (open workload)
  bool operator==(const Stage&) const = default;
};

/// `--stage 10s:100` (as in k6: reach 100 within these 10 s).
Result<Stage> parse_stage(std::string_view text);

/// The load wanted over time, from level 0 at the start: a piecewise straight line. A pure value; nothing
/// here reads a clock.
class Profile {
 public:
  explicit Profile(const std::vector<Stage>& stages);
  /// The level at once, held for `length`.
  static Profile constant(double level, Duration length);
  /// `spawn_rate_per_s` (> 0) more each second up to the level; `length` includes this ramp.
  static Profile ramp(double level, double spawn_rate_per_s, Duration length);
  /// `base` for the whole `length`, but `peak` from `start` for `width`, both ways at once.
  static Profile spike(double base, double peak, Duration start, Duration width, Duration length);

  Duration length() const { return length_; }
  double peak() const;
  double level_at(Duration elapsed) const;    ///< after the end: 0
  double area_until(Duration elapsed) const;  ///< the integral of the level, in level × seconds
  double area() const { return area_; }
  /// When the integral first exceeds `area`: the inverse of area_until. Past the end: length().
  Duration time_of_area(double area) const;

 private:
  struct Piece {
    double start_s, length_s, from, to, area_before;
  };
  std::vector<Piece> pieces_;
  Duration length_{};
  double area_ = 0;
};

/// What a swarm of a closed workload needs at one moment.
struct UsersWanted {
  std::uint64_t users = 0;
  bool stop = false;  ///< the profile is over
  bool operator==(const UsersWanted&) const = default;
};
UsersWanted users_wanted(const Profile& profile, Duration elapsed);

/// When an open workload's next arrival is due, whatever became of those before.
struct NextArrival {
  Duration at{};      ///< since the start of the run
  bool stop = false;  ///< no further arrival; `at` is then the end of the profile
  bool operator==(const NextArrival&) const = default;
};

/// Evenly spaced: the arrival after `arrivals` earlier ones is due when the integral of the rate reaches that
/// number.
NextArrival constant_arrival(const Profile& rate, std::uint64_t arrivals);

enum class ArrivalProcess { constant, poisson };
std::string_view to_string(ArrivalProcess process);

/// The arrivals of one worker out of `workers` that share a profile; together they make up exactly the
/// profile's process. Deterministic: depends on the arguments and the number of calls only.
class Arrivals {
 public:
  Arrivals(Profile rate, ArrivalProcess process, std::uint64_t seed, std::uint64_t worker = 0,
           std::uint64_t workers = 1);
  /// Constant: every `workers`-th arrival. Poisson: independent ones at a `workers`-th of the rate, made by
  /// sending a process of rate 1 through the inverse of the rate's integral (Çinlar 1975), which also holds
  /// for a changing rate.
  NextArrival next();

 private:
  Profile rate_;
  ArrivalProcess process_;
  Rng rng_;
  std::uint64_t workers_;
  std::uint64_t arrivals_;  ///< constant: of all workers, before the next of this one
  double position_ = 0;     ///< poisson: in the process of rate 1
};

}  // namespace troupe::sim
