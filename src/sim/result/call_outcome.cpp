#include "sim/result/call_outcome.hpp"

#include <cstddef>

namespace troupe::sim {

std::string_view to_string(CallOutcome outcome) {
  constexpr std::string_view names[] = {"ok",        "status",   "check",    "connection",
                                        "timed_out", "protocol", "generator"};
  return names[static_cast<std::size_t>(outcome)];
}

}  // namespace troupe::sim
