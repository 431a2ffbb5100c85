#include "postgres/wire/blocking_session.hpp"

#include <poll.h>

#include <cerrno>

namespace troupe::postgres {
namespace {

using Clock = std::chrono::steady_clock;

Result<void> wait_for(int socket, short events, Clock::time_point deadline) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return Error{ErrorCode::timed_out, "PostgreSQL did not answer in time"};
    pollfd waited{socket, events, 0};
    const int ready = ::poll(&waited, 1, static_cast<int>(left.count()));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return Error{ErrorCode::io, "cannot wait for PostgreSQL's socket"};
  }
}

}  // namespace

Result<BlockingSession> BlockingSession::open(const std::string& conninfo,
                                              std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  auto connection = Connection::start(conninfo);
  if (!connection) return connection.error();
  while (true) {
    const auto waits = connection->poll();
    if (!waits) return waits.error();
    if (*waits == Connection::Waits::nothing) return BlockingSession(std::move(*connection), timeout);
    const short events = *waits == Connection::Waits::readable ? POLLIN : POLLOUT;
    if (auto ready = wait_for(connection->socket(), events, deadline); !ready) return ready.error();
  }
}

Result<std::variant<Rows, StatementError>> BlockingSession::run(const std::string& sql,
                                                                const Params& params) {
  const Statement statement{"s" + std::to_string(++statements_), sql};
  if (auto sent = pipeline_.send(statement, params, 0); !sent) return sent.error();
  return answer();
}

Result<std::variant<Rows, StatementError>> BlockingSession::describe(const std::string& sql,
                                                                     std::span<const unsigned> types) {
  if (auto sent = pipeline_.describe(sql, types, 0); !sent) return sent.error();
  return answer();
}

Result<std::variant<Rows, StatementError>> BlockingSession::answer() {
  const auto deadline = Clock::now() + timeout_;
  std::vector<Completion> done;
  while (done.empty()) {
    const auto more = pipeline_.flush();
    if (!more) return more.error();
    const auto events = static_cast<short>(*more ? POLLIN | POLLOUT : POLLIN);
    if (auto ready = wait_for(pipeline_.socket(), events, deadline); !ready) return ready.error();
    if (auto received = pipeline_.receive(done); !received && done.empty()) return received.error();
  }
  return std::move(done.front().outcome);
}

}  // namespace troupe::postgres
