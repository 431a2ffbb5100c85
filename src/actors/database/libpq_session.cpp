#include "actors/database/libpq_session.hpp"

#include "support/invariant.hpp"

namespace troupe::actors {

LibpqSession::LibpqSession(postgres::Connection connection, SessionOwner owner)
    : owner_(std::move(owner)), connecting_(std::move(connection)), watch_(owner_.home.io()) {}

void LibpqSession::watch(int socket) {
  watch_.assign(socket, owner_.actor, owner_.generation);
}

Result<bool> LibpqSession::connect() {
  TROUPE_INVARIANT(connecting_, "a session that is open already was told to connect");
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
  return [conninfo = std::move(conninfo)](SessionOwner owner) -> Result<std::unique_ptr<DatabaseSession>> {
    auto started = postgres::Connection::start(conninfo);
    if (!started) return started.error();
    return std::make_unique<LibpqSession>(std::move(*started), std::move(owner));
  };
}

}  // namespace troupe::actors
