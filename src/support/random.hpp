#pragma once

#include <cstdint>
#include <limits>

namespace troupe {

/// Who draws random numbers. Each consumer has a stream of its own, so that no draw of one tells anything
/// about a draw of another, and one that draws more or less leaves the others' numbers as they are.
enum class RandomStream : std::uint64_t {
  user_task,         ///< which task a user takes; by user
  user_key,          ///< which item it takes; by user
  user_think,        ///< how long it pauses; by user
  user_data,         ///< what it sends; by user
  arrivals,          ///< when an open load's requests begin; by worker
  dropped_task,      ///< which task an arrival without a user would have taken; by worker
  stand_in,          ///< how long the stand-in for PostgreSQL takes; by its database actor
  reconnect,         ///< the jitter of a database actor's back-off; by actor
  sweep_order,       ///< in which order a round's cells run; by round
  curve_bootstrap,   ///< the resampling of a curve's fit; by curve
  choice_bootstrap,  ///< the resampling of a sweep's answer; by workload
  row_values,        ///< what a row is made of; by the row's serial
  world_order,       ///< what happens first of what is due at one moment of a simulated world
  world_database,    ///< how a modelled PostgreSQL behaves
  world_network,     ///< how a modelled network does
  world_load,        ///< what is asked of a server in a simulated world
  world_faults,      ///< what breaks there, and when
  world_settings,    ///< how it is configured
  trace_span,        ///< the ids of spans; by worker and number
};

/// SplitMix64 (Steele, Lea, Flood 2014): 8 bytes of state, so that each of 100,000 users can own one, and the
/// same numbers on every platform. Meets UniformRandomBitGenerator. Not for secrets.
class Rng {
 public:
  using result_type = std::uint64_t;

  /// The generator of one consumer: the same for the same three numbers, unrelated to all others. `index`
  /// tells apart who draws from one stream: the user, the worker, the round.
  Rng(std::uint64_t seed, RandomStream stream, std::uint64_t index = 0);
  /// SplitMix64 itself, from a state of one's own.
  explicit Rng(std::uint64_t state) : state_(state) {}

  result_type operator()();
  double uniform();  ///< in [0, 1), 53 bits
  std::uint64_t below(
      std::uint64_t bound);  ///< in [0, bound), `bound` > 0; Lemire's multiplication, bias < bound / 2^64
  double exponential();      ///< mean 1
  double normal();           ///< mean 0, deviation 1 (Box and Muller; keeps no second value)

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

 private:
  std::uint64_t state_;
};

}  // namespace troupe
