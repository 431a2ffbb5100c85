#pragma once

#include <cstdint>

#include "actors/database/messages.hpp"
#include "http/server/problem.hpp"

namespace troupe::http {

/// What a client is told of a command that failed: `outcome` "unknown" when it was a write that had been
/// sent, Retry-After when it may pass. The status is actors::http_status_of the kind. What the database
/// refused is told as a fault of ours: else it is the endpoint's to say (Endpoint::refused). `turn`: how many
/// were turned away before: while the database is away, clients are spread over the next seconds by it.
Problem problem_of(const actors::Failure& failure, std::uint64_t turn = 0);

/// Did the database refuse what the client sent?
bool is_refusal(actors::Failure::Kind kind);

}  // namespace troupe::http
