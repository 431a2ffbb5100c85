#include "support/invariant.hpp"

#include <cstdio>
#include <cstdlib>

namespace troupe {

void invariant_broken(const char* file, int line, const char* why) {
  std::fprintf(stderr, "troupe: invariant broken at %s:%d: %s\n", file, line, why);
  std::abort();
}

}  // namespace troupe
