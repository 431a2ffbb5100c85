#include "actors/database/connection_life.hpp"

#include <algorithm>

#include "support/invariant.hpp"

namespace troupe::actors {

namespace {

// Tokens are the generation of the attempt that a tick belongs to; this bit tells its end from its start.
constexpr std::uint64_t giving_up_bit = std::uint64_t{1} << 63;

}  // namespace

ConnectionLife::ConnectionLife(OpenSession open_session, const DatabaseSettings& settings, Worker& home,
                               bool waits, std::uint64_t actor)
    : open_session_(std::move(open_session)),
      settings_(settings),
      home_(home),
      waits_(waits),
      backoff_(settings.reconnect_min),
      jitter_(0, RandomStream::reconnect, actor) {}

Result<bool> ConnectionLife::attempt(const caf::actor& owner) {
  ++generation_;
  auto started = open_session_({home_, owner, generation_, waits_});
  if (!started) return started.error();
  session_ = std::move(*started);
  auto& timers = home_.timers();
  timers.call_at(timers.now() + settings_.connect_timeout, owner, generation_ | giving_up_bit);
  return go_on();  // it may have failed already, and then nothing would tell
}

Result<bool> ConnectionLife::go_on() {
  TROUPE_INVARIANT(connecting(), "there is no attempt to go on with");
  auto connected = session_->connect();
  if (connected && *connected) {
    open_ = true;
    backoff_ = settings_.reconnect_min;
  }
  return connected;
}

ConnectionLife::Due ConnectionLife::due(std::uint64_t token) const {
  if ((token & ~giving_up_bit) != generation_) return Due::nothing;
  if ((token & giving_up_bit) == 0) return Due::attempt;
  return connecting() ? Due::giving_up : Due::nothing;
}

void ConnectionLife::lose(const caf::actor& owner) {
  close();
  // Full jitter between half and all of the back-off: many connections must not return in step.
  const auto pause = backoff_ * (0.5 + jitter_.uniform() / 2);
  auto& timers = home_.timers();
  timers.call_at(timers.now() + std::chrono::duration_cast<Duration>(pause), owner, generation_);
  backoff_ = std::min(backoff_ * 2, settings_.reconnect_max);
}

void ConnectionLife::end() {
  ++generation_;
  close();
}

void ConnectionLife::close() {
  open_ = false;
  session_.reset();
}

}  // namespace troupe::actors
