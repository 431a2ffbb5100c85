#pragma once

#include <cstdint>
#include <string>

namespace troupe::http {

/// Who asks, once it is known: what a key or a token says. Immutable; shared by all requests of one.
struct Caller {
  std::string name;         ///< for logs and limits; not a secret
  std::uint64_t roles = 0;  ///< a bit for each role that it has
};

}  // namespace troupe::http
