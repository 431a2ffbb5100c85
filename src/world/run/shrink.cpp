#include "world/run/shrink.hpp"

#include <algorithm>
#include <utility>

namespace troupe::world {

std::vector<Fault> shrink(std::vector<Fault> faults,
                          const std::function<bool(const std::vector<Fault>&)>& still_fails) {
  for (auto size = faults.size(); size > 0; size = size == 1 ? 0 : (size + 1) / 2) {
    for (std::size_t begin = 0; begin < faults.size();) {
      auto fewer = faults;
      const auto from = fewer.begin() + static_cast<std::ptrdiff_t>(begin);
      fewer.erase(from, from + static_cast<std::ptrdiff_t>(std::min(size, faults.size() - begin)));
      if (still_fails(fewer)) {
        faults = std::move(fewer);
      } else {
        begin += size;
      }
    }
  }
  return faults;
}

}  // namespace troupe::world
