#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sweep/analysis/summary.hpp"

/// The Universal Scalability Law, X(N) = λN / (1 + σ(N − 1) + κN(N − 1)): N. J. Gunther, "Guerrilla Capacity
/// Planning", Springer 2007, ch. 4 to 6. N is the mean number of requests under way, X the rate.
namespace troupe::sweep {

constexpr std::size_t fewest_usl_loads = 4;  ///< three parameters and one to spare

struct UslParameters {
  double lambda = 0;  ///< per second
  double sigma = 0;
  double kappa = 0;

  double rate(double in_flight) const;
  /// Where the rate is highest: √((1 − σ) / κ); 1 if contention alone takes all (σ >= 1), NaN without an end.
  double peak_in_flight() const;
  /// The rate there, λ/σ where nothing but contention bounds it, NaN where nothing does.
  double peak_rate() const;
};

struct LoadPoint {
  double in_flight = 0;
  double rate = 0;
};

/// Least squares on logs with σ, κ >= 0, from the least squares of the relative error: the law is linear in
/// (1, σ, κ) / λ once it is written as N / X, so the start needs no guess and is in no local minimum. Points
/// that are not positive are left out; none with fewer than 4 different loads.
std::optional<UslParameters> fit_usl_parameters(std::span<const LoadPoint> points);

/// One load: its medians, and each repeat's rate for the noise.
struct UslLoad {
  LoadPoint point;
  std::vector<double> rates;
};

/// The law does not describe a server where the F test for lack of fit is as sure as this and the fit is
/// typically off by more than this: with little noise a test sees differences that nobody cares about.
constexpr double sure_lack_of_fit = 0.01;
constexpr double small_misfit = 0.05;

/// The fit with 95 % intervals from a bootstrap over repeats: their deviations from their cell's median, as
/// ratios and of all loads together (a single load has too few), are drawn again around each median. The
/// intervals tell what noise does; whether the law describes this server at all is what its lack of fit
/// tells. No intervals and no test without repeats.
std::optional<UslFit> fit_usl(std::span<const UslLoad> loads, std::uint64_t seed);

/// Where the line of perfect scaling, λN, meets the highest rate: N* = X_max / λ (P. J. Denning, J. P. Buzen,
/// "The operational analysis of queueing network models", ACM Computing Surveys 10, 1978). NaN without a
/// highest rate.
double usl_knee(const UslFit& fit);

}  // namespace troupe::sweep
