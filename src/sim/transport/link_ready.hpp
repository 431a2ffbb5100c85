#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <cstdint>

namespace troupe::sim {

/// To a user: the answer to its link's call with this number has come over a socket.
struct LinkReady {
  std::uint64_t call = 0;
};

}  // namespace troupe::sim

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::sim::LinkReady)
