#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "actors/database/messages.hpp"
#include "sim/client/request_times.hpp"
#include "sim/result/call_outcome.hpp"
#include "sim/result/results.hpp"
#include "sim/transport/call.hpp"
#include "sim/transport/http_response.hpp"
#include "sim/transport/link_ready.hpp"

namespace troupe::sim {

/// What became of a call, in HTTP's terms whatever the transport.
struct Answer {
  /// CallOutcome::ok: an answer came, and `status` says which. Never status or check, which are for the user
  /// to judge.
  CallOutcome outcome = CallOutcome::ok;
  int status = 0;
  RowKey created{};  ///< of a create's answer; empty: it names none
  std::uint64_t content_bytes = 0;
  bool body_matches = true;                ///< Checks::body_contains was found, or not asked for
  bool body_is_cut = false;                ///< only its front was kept, and looked at
  const HttpResponse* response = nullptr;  ///< null: none came, or nobody wanted to look at it
  std::string_view message{};              ///< of a failure; lives until the link is used again
  actors::Trace trace{};                   ///< direct transport only
  RequestTimes times{};                    ///< of an answer over HTTP
};

/// One user's way to the server, used by that user's actor only, for one call at a time. The answer to a call
/// is returned once: by `send` when it is known at once, else by `on_reply` or `on_socket` when the message
/// that they take completes it.
class Link {
 public:
  virtual ~Link() = default;

  /// Starts a call; `ticket` tells it from the user's others.
  virtual std::optional<Answer> send(Call& call, std::uint64_t ticket, TimePoint now) = 0;
  /// Takes a Reply to the call under way (the user leaves out any other).
  virtual std::optional<Answer> on_reply(actors::Reply&) { return std::nullopt; }
  /// Takes the answer that has come over a socket (the link leaves out any but that to its call).
  virtual std::optional<Answer> on_socket(const LinkReady&) { return std::nullopt; }
  /// The last call's request and what came back, made anew at each call; nothing: it was not HTTP. Until the
  /// link is used again. `secrets`: values that it must not show wherever they stand.
  virtual std::optional<FailureSample> sample(std::span<const std::string>) { return std::nullopt; }
  /// Drops the call under way, which took too long.
  virtual void give_up() {}
  /// Makes sure that nothing is sent to the user any more, who ends now.
  virtual void close() {}
};

}  // namespace troupe::sim
