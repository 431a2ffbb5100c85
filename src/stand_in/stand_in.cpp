#include "stand_in/stand_in.hpp"

#include <spdlog/fmt/fmt.h>

#include <chrono>

#include "support/parse.hpp"

namespace troupe::stand_in {
namespace {

Error fault(std::string_view text, std::string_view why) {
  return {ErrorCode::invalid_argument,
          fmt::format(
              "'{}' is no stand-in database: {} (write instant, fixed:5ms, exponential:5ms or serial:5ms)",
              text, why)};
}

}  // namespace

Duration ServiceTime::sample(Rng& rng) const {
  if (kind != Kind::exponential) return mean;
  return std::chrono::round<Duration>(std::chrono::duration<double, Duration::period>(mean) *
                                      rng.exponential());
}

Result<StandIn> parse_stand_in(std::string_view text) {
  if (text == "instant") return StandIn{};
  const auto colon = text.find(':');
  const auto kind = text.substr(0, colon);
  if (kind != "fixed" && kind != "exponential" && kind != "serial") return fault(text, "unknown kind");
  if (colon == text.npos) return fault(text, "its time is missing");
  const auto mean = parse_duration(text.substr(colon + 1));
  if (!mean) return fault(text, "its time is no duration");
  if (*mean <= Duration{} || *mean > std::chrono::hours(1)) {
    return fault(text, "the time must be above 0 and at most 1h");
  }
  const auto service_kind = kind == "exponential" ? ServiceTime::Kind::exponential : ServiceTime::Kind::fixed;
  return StandIn{{service_kind, *mean}, kind == "serial"};
}

}  // namespace troupe::stand_in
