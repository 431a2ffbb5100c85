#include "support/distributions.hpp"

#include <algorithm>
#include <cmath>

namespace troupe {
namespace {

constexpr double longest_drawn_s = 24 * 3600.0;

/// Of a draw; the tail of a distribution has no end, a pause has.
Duration pause_of(double seconds) {
  return from_seconds(std::clamp(seconds, 0.0, longest_drawn_s));
}

}  // namespace

ThinkTime ThinkTime::constant(Duration value) {
  return {Kind::constant, to_seconds(value), 0};
}
ThinkTime ThinkTime::uniform(Duration low, Duration high) {
  return {Kind::uniform, to_seconds(low), to_seconds(high)};
}
ThinkTime ThinkTime::exponential(Duration mean) {
  return {Kind::exponential, to_seconds(mean), 0};
}
ThinkTime ThinkTime::normal(Duration mean, Duration deviation) {
  return {Kind::normal, to_seconds(mean), to_seconds(deviation)};
}
ThinkTime ThinkTime::lognormal_by_median(Duration median, double sigma) {
  return {Kind::lognormal, std::log(to_seconds(median)), sigma};
}
ThinkTime ThinkTime::lognormal_by_mean(Duration mean, double sigma) {
  return {Kind::lognormal, std::log(to_seconds(mean)) - sigma * sigma / 2, sigma};
}

Duration ThinkTime::sample(Rng& rng) const {
  switch (kind_) {
    case Kind::none:
      return Duration{};
    case Kind::constant:
      return pause_of(a_);
    case Kind::uniform:
      return pause_of(a_ + (b_ - a_) * rng.uniform());
    case Kind::exponential:
      return pause_of(a_ * rng.exponential());
    case Kind::lognormal:
      return pause_of(std::exp(a_ + b_ * rng.normal()));
    case Kind::normal:
      break;
  }
  // The mean is not negative, so at least every second draw is kept.
  double value = 0;
  do {
    value = a_ + b_ * rng.normal();
  } while (value < 0);
  return pause_of(value);
}

Duration ThinkTime::mean() const {
  switch (kind_) {
    case Kind::none:
      return Duration{};
    case Kind::constant:
    case Kind::exponential:
      return pause_of(a_);
    case Kind::uniform:
      return pause_of((a_ + b_) / 2);
    case Kind::lognormal:
      return pause_of(std::exp(a_ + b_ * b_ / 2));
    case Kind::normal:
      break;
  }
  if (b_ == 0) return pause_of(a_);
  // Mean of a normal distribution truncated below at 0: µ + σ φ(µ/σ) / Φ(µ/σ).
  const double z = a_ / b_;
  const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
  const double kept = std::erfc(-z / std::numbers::sqrt2) / 2;
  return pause_of(a_ + b_ * density / kept);
}

double zeta(std::size_t n, double theta) {
  constexpr std::size_t exact_terms = 100;
  const auto exact = std::min(n, exact_terms);
  double sum = 0;
  for (std::size_t i = 1; i <= exact; ++i) sum += std::pow(static_cast<double>(i), -theta);
  if (n == exact) return sum;
  const double a = exact_terms;
  const double b = static_cast<double>(n);
  const double rest =
      theta == 1 ? std::log(b / a) : (std::pow(b, 1 - theta) - std::pow(a, 1 - theta)) / (1 - theta);
  const auto f = [theta](double x) { return std::pow(x, -theta); };
  const auto slope = [theta](double x) { return -theta * std::pow(x, -theta - 1); };
  return sum + rest + (f(b) - f(a)) / 2 + (slope(b) - slope(a)) / 12;
}

Zipfian::Zipfian(double theta) : theta_(theta), alpha_(1 / (1 - theta)), zeta_2_(zeta(2, theta)) {}

void Zipfian::resize(std::size_t n) {
  constexpr std::size_t few = 32;
  if (n > n_ && n - n_ <= few && n_ > 0) {
    for (auto i = n_ + 1; i <= n; ++i) zeta_n_ += std::pow(static_cast<double>(i), -theta_);
  } else if (n < n_ && n_ - n <= few) {
    for (auto i = n_; i > n; --i) zeta_n_ -= std::pow(static_cast<double>(i), -theta_);
  } else {
    zeta_n_ = zeta(n, theta_);
  }
  n_ = n;
  // With n <= 2 every draw ends in the two exact ranks, and the formula would divide by zero.
  if (n > 2) eta_ = (1 - std::pow(2.0 / static_cast<double>(n), 1 - theta_)) / (1 - zeta_2_ / zeta_n_);
}

std::size_t Zipfian::sample(std::size_t n, Rng& rng) {
  if (n != n_) resize(n);
  const double u = rng.uniform();
  const double uz = u * zeta_n_;
  if (uz < 1 || n == 1) return 0;
  if (uz < zeta_2_ || n == 2) return 1;
  const double rank = static_cast<double>(n) * std::pow(eta_ * u - eta_ + 1, alpha_);
  return std::min(static_cast<std::size_t>(rank), n - 1);
}

}  // namespace troupe
