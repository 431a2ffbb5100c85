#pragma once

#include <string>

#include "support/random.hpp"

namespace troupe {

/// Appends a random UUID (RFC 9562, version 4).
void append_uuid(Rng& rng, std::string& out);

}  // namespace troupe
