#include "sim/result/call_outcome.hpp"

#include <cstddef>

namespace troupe::sim {

std::string_view to_string(CallOutcome outcome) {
  return names_of(outcome)[static_cast<std::size_t>(outcome)];
}

}  // namespace troupe::sim
