#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "actors/database/messages.hpp"
#include "items/item.hpp"
#include "sim/result/call_outcome.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/transport/socket_poller.hpp"

namespace troupe::sim {

/// One request, made up and ready to go.
struct Call {
  const Task* task = nullptr;
  std::int64_t id = 0;                            ///< of the item it is about
  const std::vector<std::string>* row = nullptr;  ///< of the scenario's data, for the task's templates
  items::NewItem item{};                          ///< what create and update send
};

/// What became of a call, in HTTP's terms whatever the transport.
struct Answer {
  CallOutcome outcome =
      CallOutcome::ok;  ///< ok: an answer came, and `status` says which; never status or check
  int status = 0;
  std::int64_t created_id = 0;  ///< of a create's answer; 0: it names none
  std::uint64_t content_bytes = 0;
  bool body_matches = true;    ///< Checks::body_contains was found, or not asked for
  std::string_view message{};  ///< of a failure; lives until the link is used again
  bool had_round_trip = true;  ///< false: refused on the spot
  actors::Trace trace{};       ///< direct transport only
};

/// One user's way to the server, used by that user's actor only. One call at a time; the answer is what one
/// of the four functions returns: `send` when it is known at once, the others when the message they take
/// completes it.
class Link {
 public:
  virtual ~Link() = default;

  /// Starts a call; `ticket` tells it from the user's others.
  virtual std::optional<Answer> send(Call& call, std::uint64_t ticket, TimePoint now) = 0;
  /// A Reply reached the user. Only replies to the call under way are handed in.
  virtual std::optional<Answer> on_reply(actors::Reply&) { return std::nullopt; }
  /// The user's socket is ready.
  virtual std::optional<Answer> on_socket(const LinkReady&) { return std::nullopt; }
  /// The call under way took too long: its answer is no longer wanted.
  virtual void give_up() {}
  /// The user ends: nothing may be sent to it any more.
  virtual void close() {}
};

}  // namespace troupe::sim
