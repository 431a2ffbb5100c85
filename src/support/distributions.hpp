#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "support/random.hpp"
#include "support/time.hpp"

namespace troupe {

/// How long a user pauses between two tasks.
class ThinkTime {
 public:
  ThinkTime() = default;  ///< none
  static ThinkTime constant(Duration value);
  static ThinkTime uniform(Duration low, Duration high);
  static ThinkTime exponential(Duration mean);
  /// Truncated at 0: a negative draw is drawn again, so the mean of what comes out lies a little above
  /// `mean`.
  static ThinkTime normal(Duration mean, Duration deviation);
  /// exp(N(µ, sigma)): `sigma` is the deviation of the logarithm. The two differ in what is given: median =
  /// exp(µ), mean = exp(µ + sigma² / 2).
  static ThinkTime lognormal_by_median(Duration median, double sigma);
  static ThinkTime lognormal_by_mean(Duration mean, double sigma);

  bool none() const { return kind_ == Kind::none; }
  Duration sample(Rng& rng) const;  ///< never negative, at most 24 h
  Duration mean() const;            ///< of the distribution as sampled (after truncation), for Little's law

 private:
  enum class Kind : std::uint8_t { none, constant, uniform, exponential, normal, lognormal };
  ThinkTime(Kind kind, double a, double b) : kind_(kind), a_(a), b_(b) {}

  Kind kind_ = Kind::none;
  double a_ = 0;  ///< seconds; lognormal: µ
  double b_ = 0;  ///< seconds; lognormal: sigma
};

/// Zipfian ranks in constant time (Gray et al., "Quickly generating billion-record synthetic databases",
/// SIGMOD 1994, as in YCSB): rank 0 is the most popular. Ranks 0 and 1 are exact, the others a close
/// approximation.
class Zipfian {
 public:
  /// `theta` in (0, 1): 0.99 is YCSB's.
  explicit Zipfian(double theta = 0.99);
  /// A rank below `n` (> 0). Cheap when `n` changes a little between calls, constant time when it changes a
  /// lot.
  std::size_t sample(std::size_t n, Rng& rng);

 private:
  void resize(std::size_t n);

  double theta_;
  double alpha_;
  double zeta_2_;
  double zeta_n_ = 0;
  double eta_ = 0;
  std::size_t n_ = 0;
};

/// The sum of 1 / i^theta for i = 1 … n; beyond 100 terms by the Euler–Maclaurin formula (error below 1e-9).
double zeta(std::size_t n, double theta);

/// Which item a task that needs one takes.
struct KeyChoice {
  enum class Kind : std::uint8_t {
    own,      ///< one of the items that only this user knows: made or taken over, all alike
    uniform,  ///< any item the simulator knows of, all alike
    zipfian,  ///< any item the simulator knows of, the older the more popular
  };
  Kind kind = Kind::own;
  double theta = 0.99;  ///< zipfian only
  bool operator==(const KeyChoice&) const = default;
};

/// Picks positions by a KeyChoice: one per worker is enough, the caller brings the user's Rng.
class KeyPicker {
 public:
  explicit KeyPicker(KeyChoice choice) : kind_(choice.kind), zipfian_(choice.theta) {}
  /// A position below `n` (> 0) in the list of eligible items, oldest first.
  std::size_t pick(std::size_t n, Rng& rng) {
    return kind_ == KeyChoice::Kind::zipfian ? zipfian_.sample(n, rng)
                                             : static_cast<std::size_t>(rng.below(n));
  }

 private:
  KeyChoice::Kind kind_;
  Zipfian zipfian_;
};

}  // namespace troupe
