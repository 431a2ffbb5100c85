#pragma once

#include <string>

namespace troupe::http {

/// Who asks, once it is known: what a key or a token says. Immutable; shared by all requests of one.
struct Caller {
  std::string name;  ///< for logs and limits; not a secret
};

}  // namespace troupe::http
