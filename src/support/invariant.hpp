#pragma once

namespace troupe {

/// Prints where and why an invariant was broken to stderr, and aborts. Only TROUPE_INVARIANT calls it.
[[noreturn]] void invariant_broken(const char* file, int line, const char* why);

}  // namespace troupe

/// Ends the process when `condition` does not hold, in release builds too: for what cannot be wrong unless
/// the program is. `why`: what is true instead, in words for whoever reads the log.
#define TROUPE_INVARIANT(condition, why)                   \
  do {                                                     \
    if (!(condition)) [[unlikely]]                         \
      ::troupe::invariant_broken(__FILE__, __LINE__, why); \
  } while (false)
