#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace troupe::sim {

/// How a request ended.
enum class CallOutcome : std::uint8_t {
  ok,
  status,      ///< an answer with a status that the task does not accept
  check,       ///< an answer whose body is not as the task demands
  connection,  ///< no connection, or it broke
  timed_out,   ///< no answer in time
  protocol,    ///< an answer that makes no sense
  generator,   ///< not sent: a limit of the machine that the users run on (ports, descriptors, memory)
  unsent,      ///< not sent, and no request: a value that it needs was never set
};
inline constexpr std::array<std::string_view, 8> call_outcome_names{
    "ok", "status", "check", "connection", "timed_out", "protocol", "generator", "unsent"};
/// As result files have them.
constexpr std::span<const std::string_view> names_of(CallOutcome) {
  return call_outcome_names;
}
std::string_view to_string(CallOutcome outcome);

}  // namespace troupe::sim
