#include "sim/load/pacing.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>

#include "support/parse.hpp"

namespace troupe::sim {

Result<Stage> parse_stage(std::string_view text) {
  const auto fault = [&](std::string_view why) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("stage '{}': {} (write DURATION:TARGET, as in 10s:100)", text, why)};
  };
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return fault("the ':' is missing");
  const auto length = parse_duration(text.substr(0, colon));
  if (!length) return fault(length.error().message);
  const auto target = parse_number(text.substr(colon + 1));
  if (!target) return fault(target.error().message);
  if (*target < 0) return fault("the target is negative");
  return Stage{*length, *target};
}

Profile::Profile(const std::vector<Stage>& stages) {
  double level = 0;
  for (const auto& stage : stages) {
    pieces_.push_back({to_seconds(length_), to_seconds(stage.length), level, stage.target, area_});
    length_ += stage.length;
    area_ += (level + stage.target) / 2 * to_seconds(stage.length);
    level = stage.target;
  }
}

Profile Profile::constant(double level, Duration length) {
  return Profile({{Duration{}, level}, {length, level}});
}

Profile Profile::ramp(double level, double spawn_rate_per_s, Duration length) {
  const auto ramp_length = from_seconds(level / spawn_rate_per_s);
  if (ramp_length >= length) return Profile({{length, spawn_rate_per_s * to_seconds(length)}});
  return Profile({{ramp_length, level}, {length - ramp_length, level}});
}

Profile Profile::spike(double base, double peak, Duration start, Duration width, Duration length) {
  start = std::min(start, length);
  width = std::min(width, length - start);
  return Profile({{Duration{}, base},
                  {start, base},
                  {Duration{}, peak},
                  {width, peak},
                  {Duration{}, base},
                  {length - start - width, base}});
}

double Profile::peak() const {
  double peak = 0;
  for (const auto& piece : pieces_) peak = std::max(peak, piece.to);
  return peak;
}

double Profile::level_at(Duration elapsed) const {
  const double t = to_seconds(elapsed);
  for (const auto& piece : pieces_) {
    if (t < piece.start_s + piece.length_s) {
      return piece.from + (piece.to - piece.from) * (t - piece.start_s) / piece.length_s;
    }
  }
  return 0;
}

double Profile::area_until(Duration elapsed) const {
  const double t = to_seconds(elapsed);
  for (const auto& piece : pieces_) {
    const double x = t - piece.start_s;
    if (x >= piece.length_s) continue;
    return piece.area_before + piece.from * x + (piece.to - piece.from) * x * x / (2 * piece.length_s);
  }
  return area_;
}

Duration Profile::time_of_area(double area) const {
  if (area >= area_) return length_;
  for (const auto& piece : pieces_) {
    const double wanted = area - piece.area_before;
    const double has = (piece.from + piece.to) / 2 * piece.length_s;
    if (wanted >= has) continue;
    // from·x + slope·x²/2 = wanted, solved in the form that stays exact when the slope is 0.
    const double slope = (piece.to - piece.from) / piece.length_s;
    const double root = std::sqrt(std::max(0.0, piece.from * piece.from + 2 * slope * wanted));
    const double x = wanted <= 0 ? 0 : 2 * wanted / (piece.from + root);
    return from_seconds(piece.start_s + std::min(x, piece.length_s));
  }
  return length_;
}

UsersWanted users_wanted(const Profile& profile, Duration elapsed) {
  if (elapsed >= profile.length()) return {0, true};
  // A hair more, so that rounding does not keep the k-th user waiting beyond its moment.
  return {static_cast<std::uint64_t>(profile.level_at(elapsed) + 1e-9), false};
}

NextArrival constant_arrival(const Profile& rate, std::uint64_t arrivals) {
  const auto position = static_cast<double>(arrivals);
  if (position >= rate.area() - 1e-9) return {rate.length(), true};
  return {rate.time_of_area(position), false};
}

std::string_view to_string(ArrivalProcess process) {
  return process == ArrivalProcess::constant ? "constant" : "poisson";
}

Arrivals::Arrivals(Profile rate, ArrivalProcess process, std::uint64_t seed, std::uint64_t worker,
                   std::uint64_t workers)
    : rate_(std::move(rate)),
      process_(process),
      rng_(Rng::derive(seed, worker)),
      workers_(workers),
      arrivals_(worker) {}

NextArrival Arrivals::next() {
  if (process_ == ArrivalProcess::constant) {
    const auto next = constant_arrival(rate_, arrivals_);
    if (!next.stop) arrivals_ += workers_;
    return next;
  }
  if (position_ < rate_.area()) position_ += rng_.exponential() * static_cast<double>(workers_);
  if (position_ >= rate_.area()) return {rate_.length(), true};
  return {rate_.time_of_area(position_), false};
}

}  // namespace troupe::sim
