#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/client/origin.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// What `--resolve` entries (HOST:PORT:ADDRESS[,ADDRESS…]) say of a host and port, or the host itself where
/// it is an address: nothing if its name must be looked up. Error: an entry that is none.
Result<std::vector<SocketAddress>> given_addresses(const std::vector<std::string>& entries,
                                                   std::string_view host, std::uint16_t port);

}  // namespace troupe::sim
