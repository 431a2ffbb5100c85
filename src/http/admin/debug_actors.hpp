#pragma once

#include "http/server/exchange.hpp"
#include "http/server/router.hpp"
#include "http/server/server_context.hpp"

namespace troupe::http {

/// Answers with what the watched server looks like inside, as JSON: of each worker its sessions and the
/// memory that they hold, of each database actor its lanes, state and queue. Nobody is stopped: each worker
/// tells its part in its turn, and of one that does not within a quarter of a second just that is said.
Step begin_debug_actors(Exchange& exchange, const ServerContext& context);

}  // namespace troupe::http
