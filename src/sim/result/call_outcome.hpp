#pragma once

#include <cstdint>
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
};
/// As result files have it.
std::string_view to_string(CallOutcome outcome);

}  // namespace troupe::sim
