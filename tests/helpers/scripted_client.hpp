#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <string>

#include "actors/io/byte_stream.hpp"
#include "actors/runtime/worker.hpp"

namespace troupe::tests {

/// The far end of one session's stream, without a socket: what it sends, how much it takes and when it breaks
/// is a test's to say. Used by one thread.
class ScriptedClient {
 public:
  /// `worker`: runs what the stream calls back. It outlives the stream.
  explicit ScriptedClient(actors::Worker& worker);

  /// The session's end. Once.
  std::unique_ptr<actors::ByteStream> stream();

  void send(std::string_view bytes);
  /// Sends nothing more.
  void end();
  /// How many bytes it takes until it is asked for more: a slow reader.
  void take_at_most(std::size_t bytes);
  /// So many of the bytes that it took are only on their way to it.
  void leave_on_the_way(std::size_t bytes);
  /// The operation of the stream with this number (the first is 1), and every one after it, fails.
  void fail_at(std::size_t operation);

  /// Operations of the stream so far.
  std::size_t operations() const;
  /// What the session wrote.
  const std::string& received() const;
  /// The session said that it writes no more, or closed.
  bool ended() const;
  bool closed() const;

 private:
  struct State;
  class Stream;
  std::shared_ptr<State> state_;
};

}  // namespace troupe::tests
