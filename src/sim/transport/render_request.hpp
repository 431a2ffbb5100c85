#pragma once

#include <string>

#include "sim/transport/call.hpp"
#include "sim/transport/http_target.hpp"

namespace troupe::sim {

/// Renders a call as the bytes of its request. `body` is scratch space.
void render_request(const HttpTarget& target, const Call& call, std::string& out, std::string& body);

}  // namespace troupe::sim
