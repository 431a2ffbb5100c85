#include "actors/database/connection_life.hpp"

#include <algorithm>
#include <utility>

#include "support/invariant.hpp"

namespace troupe::actors {

namespace {

// Tokens are the generation of the attempt that a tick belongs to; these bits tell its end, and the end of
// the connection that came of it, from its start.
constexpr std::uint64_t giving_up_bit = std::uint64_t{1} << 63;
constexpr std::uint64_t renewal_bit = std::uint64_t{1} << 62;

// Connections that were made together must not all be renewed at one moment.
constexpr double renewal_jitter = 0.1;

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
  owner_ = owner;
  auto& timers = home_.timers();
  timers.call_at(timers.now() + settings_.connect_timeout, owner, generation_ | giving_up_bit);
  return go_on();  // it may have failed already, and then nothing would tell
}

Result<bool> ConnectionLife::go_on() {
  TROUPE_INVARIANT(connecting(), "there is no attempt to go on with");
  auto connected = session_->connect();
  if (connected && *connected) on_open();
  return connected;
}

void ConnectionLife::on_open() {
  open_ = true;
  proved_ = false;
  if (settings_.max_lifetime.count() <= 0) return;
  const auto life = settings_.max_lifetime * (1 - renewal_jitter * jitter_.uniform());
  auto& timers = home_.timers();
  timers.call_at(timers.now() + std::chrono::duration_cast<Duration>(life), owner_,
                 generation_ | renewal_bit);
}

bool ConnectionLife::proved() {
  if (!open_ || std::exchange(proved_, true)) return false;
  backoff_ = settings_.reconnect_min;
  return true;
}

ConnectionLife::Due ConnectionLife::due(std::uint64_t token) const {
  if ((token & ~(giving_up_bit | renewal_bit)) != generation_) return Due::nothing;
  if ((token & renewal_bit) != 0) return open_ ? Due::renewal : Due::nothing;
  if ((token & giving_up_bit) != 0) return connecting() ? Due::giving_up : Due::nothing;
  return Due::attempt;
}

void ConnectionLife::lose(const caf::actor& owner) {
  close();
  // Full jitter between half and all of the back-off: many connections must not return in step.
  const auto pause = backoff_ * (0.5 + jitter_.uniform() / 2);
  auto& timers = home_.timers();
  timers.call_at(timers.now() + std::chrono::duration_cast<Duration>(pause), owner, generation_);
  backoff_ = std::min(backoff_ * 2, settings_.reconnect_max);
}

Result<bool> ConnectionLife::renew(const caf::actor& owner) {
  close();
  return attempt(owner);
}

void ConnectionLife::end() {
  ++generation_;
  close();
}

void ConnectionLife::close() {
  open_ = false;
  session_.reset();
  owner_ = nullptr;
}

}  // namespace troupe::actors
