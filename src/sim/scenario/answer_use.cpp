#include "sim/scenario/answer_use.hpp"

#include <algorithm>

namespace troupe::sim {

bool Checks::status_ok(int code) const {
  if (status.empty()) return code >= 200 && code < 300;
  return std::find(status.begin(), status.end(), code) != status.end();
}

}  // namespace troupe::sim
