#pragma once

#include <memory>
#include <vector>

#include "actors/runtime/worker.hpp"
#include "http/server/listener.hpp"
#include "http/server/session_host.hpp"

namespace troupe::http {

/// How a listener on `home` gets room for one more connection: every worker tells since when its longest idle
/// one is so, the last to tell has the longest idle of all closed on its worker. Tasks only: nothing is
/// locked and nothing is kept for it. One that is idle for a moment only, as between two requests of a busy
/// client, is left alone.
Listener::MakeRoom evict_from(const std::vector<std::shared_ptr<SessionHost>>& hosts, actors::Worker& home);

}  // namespace troupe::http
