#pragma once

#include "actors/database/messages.hpp"

namespace troupe::actors {

/// The HTTP status that a failure ends in: what the server answers and what a direct simulation counts.
int http_status_of(Failure::Kind kind);

}  // namespace troupe::actors
