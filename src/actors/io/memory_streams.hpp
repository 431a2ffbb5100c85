#pragma once

#include <memory>

#include "actors/io/byte_stream.hpp"
#include "actors/io/io_engine.hpp"

namespace troupe::actors {

/// How many bytes one end of a connection in memory may have written that the other one has not read.
constexpr std::size_t memory_stream_room = 64 * 1024;

/// A connection without a socket.
struct MemoryStreams {
  std::unique_ptr<ByteStream> near, far;
};

/// Two ends of one connection on one thread, as TCP would give them: bytes both ways in order, each end
/// closing by itself; what was written before an end or a close can still be read. `engine`, of that thread,
/// calls the users back; it outlives their waits.
MemoryStreams memory_streams(IoEngine& engine);

}  // namespace troupe::actors
