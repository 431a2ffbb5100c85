#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <cstdint>

// What the runtime tells any actor. These stay inside the process, so none of them is serializable.

namespace troupe::actors {

/// Sent to an actor when a point in time it asked for has come; `token` is what it gave.
struct TimerTick {
  std::uint64_t token = 0;
};

/// A socket is ready; `generation` tells a watch on an old connection from one on the present one.
struct SocketReady {
  std::uint64_t generation = 0;
  bool writable = false;  ///< else readable
};

/// Ends an actor after it has answered what it still owes, also to messages that were sent before it and come
/// after it.
struct Stop {};

}  // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::TimerTick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::SocketReady)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Stop)
