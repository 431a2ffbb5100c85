#pragma once

#include "actors/database/messages.hpp"
#include "http/server/problem.hpp"

namespace troupe::http {

/// What a client is told of a command that failed: `outcome` "unknown" when it was a write that had been
/// sent, Retry-After when it may pass. The status is actors::http_status_of the kind. A `rejected` one is
/// told as a fault of ours: what the database refuses is the endpoint's to say (Endpoint::rejected).
Problem problem_of(const actors::Failure& failure);

}  // namespace troupe::http
