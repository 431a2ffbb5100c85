#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "sim/transport/http_target.hpp"
#include "support/result.hpp"
#include "support/time.hpp"

namespace troupe::sweep {

/// Whether readiness can be asked of this URL: http or https, with host, port, path and query. Error:
/// invalid_argument.
Result<void> check_ready_url(std::string_view url);

/// Asks `url` again and again until it answers 2xx or 3xx. Blocks, `timeout` at most; `give_up` is asked
/// meanwhile, true ends the waiting. Error: unavailable, with the last answer.
Result<void> wait_until_ready(const std::string& url, Duration timeout, const sim::ClientOptions& options,
                              const std::function<bool()>& give_up);

/// The target, once it takes connections. Blocks in the same way. Error: as find_target's last one.
Result<sim::HttpTarget> wait_for_target(const std::string& url, Duration timeout,
                                        const sim::ClientOptions& options,
                                        const std::function<bool()>& give_up);

}  // namespace troupe::sweep
