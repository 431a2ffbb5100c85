#include "world/run/watched_sessions.hpp"

#include <spdlog/fmt/fmt.h>

#include <deque>
#include <utility>

namespace troupe::world {
namespace {

class WatchedSession final : public actors::DatabaseSession {
 public:
  WatchedSession(std::unique_ptr<DatabaseSession> session, std::string name, SessionWatch watch)
      : session_(std::move(session)),
        name_(std::move(name)),
        watch_(std::move(watch)),
        began_(watch_.now()) {}
  ~WatchedSession() override {
    if (watch_.tell) watch_.tell(name_ + ": closed");
    if (!settled_ && watch_.now() - began_ < watch_.connect_timeout)
      watch_.complain(name_ + ": the attempt to connect was given up too early");
  }

  Result<bool> connect() override {
    auto connected = session_->connect();
    if (!connected || *connected) settled_ = true;
    if (watch_.tell) watch_.tell(fmt::format("{}: {}", name_, how_it_goes(connected)));
    return connected;
  }
  bool accept(const actors::SocketReady& ready) override { return session_->accept(ready); }
  Result<void> send(const postgres::Statement& statement, const postgres::Params& params, std::uint64_t tag,
                    postgres::Then then) override {
    if (watch_.tell) {
      watch_.tell(fmt::format("{}: sends {}", name_, statement.name));
      sent_.push_back(statement.name);
    }
    return session_->send(statement, params, tag, then);
  }
  Result<bool> flush() override { return session_->flush(); }
  Result<void> receive(std::vector<postgres::Completion>& done) override {
    const auto before = done.size();
    auto received = session_->receive(done);
    if (!watch_.tell) return received;
    for (auto i = before; i < done.size(); ++i) watch_.tell(fmt::format("{}: {}", name_, what_came(done[i])));
    if (!received) watch_.tell(fmt::format("{}: lost: {}", name_, received.error().message));
    return received;
  }
  bool wait(std::chrono::milliseconds timeout, bool or_writable) override {
    return session_->wait(timeout, or_writable);
  }

 private:
  static std::string how_it_goes(const Result<bool>& connected) {
    if (!connected) return "cannot connect: " + connected.error().message;
    return *connected ? "connected" : "connecting";
  }

  std::string what_came(const postgres::Completion& completion) {
    const auto statement = sent_.empty() ? std::string() : std::move(sent_.front());
    if (!sent_.empty()) sent_.pop_front();
    if (const auto* error = std::get_if<postgres::StatementError>(&completion.outcome))
      return fmt::format("{} is refused: {} {}", statement, error->sqlstate, error->in_full());
    return fmt::format("{} gives {} rows", statement, std::get<postgres::Rows>(completion.outcome).count());
  }

  std::unique_ptr<DatabaseSession> session_;
  std::string name_;
  SessionWatch watch_;
  TimePoint began_;
  bool settled_ = false;          ///< it is open, or has failed
  std::deque<std::string> sent_;  ///< what has not come back, if anybody is told
};

}  // namespace

actors::OpenSession watched_sessions(actors::OpenSession open, SessionWatch watch) {
  return [open = std::move(open), watch = std::move(watch)](
             actors::SessionOwner owner) -> Result<std::unique_ptr<actors::DatabaseSession>> {
    auto name = fmt::format("database actor {}, attempt {}", owner.actor.id(), owner.generation);
    auto session = open(std::move(owner));
    if (!session) {
      if (watch.tell) watch.tell(name + ": " + session.error().message);
      return session.error();
    }
    return std::make_unique<WatchedSession>(std::move(*session), std::move(name), watch);
  };
}

}  // namespace troupe::world
