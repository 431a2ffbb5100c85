#include "actors/database/libpq_session.hpp"

#include <algorithm>
#include <utility>

#include "support/conninfo_secrets.hpp"
#include "support/invariant.hpp"

namespace troupe::actors {

LibpqSession::LibpqSession(std::string conninfo, std::shared_ptr<NameLookups> lookups, SessionOwner owner)
    : conninfo_(std::move(conninfo)),
      lookups_(std::move(lookups)),
      owner_(std::move(owner)),
      watch_(owner_.home) {}

void LibpqSession::watch(int socket) {
  watch_.assign(socket, owner_.actor, owner_.generation);
}

bool LibpqSession::accept(const SocketReady& ready) {
  return looking_up_ ? ready.generation == owner_.generation : watch_.accept(ready);
}

// Has libpq begun? False: names are still looked up.
Result<bool> LibpqSession::start() {
  if (!looking_up_) {
    hosts_ = postgres::hosts_of(conninfo_);
    const auto names = postgres::names_to_look_up(hosts_);
    if (names.empty()) return start_with({});
    looking_up_.emplace(*lookups_, names, !std::ranges::all_of(hosts_, postgres::needs_look_up), owner_);
    if (!looking_up_->done_already()) return false;
  }
  const auto hosts = postgres::with_addresses(hosts_, looking_up_->found());
  looking_up_.reset();
  if (!hosts) return Error{hosts.error().code, without_secrets(hosts.error().message, conninfo_)};
  return start_with(*hosts);
}

Result<bool> LibpqSession::start_with(const postgres::HostOptions& hosts) {
  auto started = postgres::Connection::start(conninfo_, hosts);
  if (!started) return started.error();
  connecting_.emplace(std::move(*started));
  return true;
}

Result<bool> LibpqSession::connect() {
  TROUPE_INVARIANT(!pipeline_, "a session that is open already was told to connect");
  if (!connecting_) {
    if (const auto started = start(); !started || !*started) return started;
  }
  watch_.release();  // libpq may close this socket to try the next address
  auto waits = connecting_->poll();
  if (!waits) return waits.error();
  if (*waits == postgres::Connection::Waits::nothing) {
    pipeline_.emplace(std::move(*connecting_));
    connecting_.reset();
    if (!owner_.waits) {
      watch(pipeline_->socket());
      watch_.wait_readable();
    }
    return true;
  }
  // Every time: libpq may have closed one address's socket and opened the next one's under the same number.
  watch(connecting_->socket());
  *waits == postgres::Connection::Waits::readable ? watch_.wait_readable() : watch_.wait_writable();
  return false;
}

Result<void> LibpqSession::send(const postgres::Statement& statement, const postgres::Params& params,
                                std::uint64_t tag, postgres::Then then) {
  TROUPE_INVARIANT(pipeline_, "a statement was sent before the session was open");
  return pipeline_->send(statement, params, tag, then);
}

Result<bool> LibpqSession::flush() {
  TROUPE_INVARIANT(pipeline_, "a session was flushed before it was open");
  auto left = pipeline_->flush();
  if (left && *left && !owner_.waits) watch_.wait_writable();
  return left;
}

Result<void> LibpqSession::receive(std::vector<postgres::Completion>& done) {
  TROUPE_INVARIANT(pipeline_, "answers were looked for before the session was open");
  auto result = pipeline_->receive(done);
  if (result && !owner_.waits) watch_.wait_readable();
  return result;
}

bool LibpqSession::wait(std::chrono::milliseconds timeout, bool or_writable) {
  TROUPE_INVARIANT(pipeline_, "somebody waited for a session before it was open");
  return pipeline_->wait(timeout, or_writable);
}

OpenSession libpq_sessions(std::string conninfo) {
  return [conninfo = std::move(conninfo), lookups = std::make_shared<NameLookups>()](
             SessionOwner owner) -> Result<std::unique_ptr<DatabaseSession>> {
    return std::make_unique<LibpqSession>(conninfo, lookups, std::move(owner));
  };
}

}  // namespace troupe::actors
