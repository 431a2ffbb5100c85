#pragma once

#include <caf/scoped_actor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "actors/runtime/runtime.hpp"
#include "helpers/row_statements.hpp"
#include "postgres/session_statements.hpp"
#include "world/postgres/modelled_postgres.hpp"
#include "world/time/event_queue.hpp"

namespace troupe::tests {

/// A client of a modelled PostgreSQL: uses its session as a database actor does, when it is told to.
class ModelClient {
 public:
  ModelClient(actors::Runtime& runtime, const actors::OpenSession& open);

  void send(const SentStatement& sent, std::uint64_t tag = 0);
  /// The statements of one transaction, tagged from 0; it is still open behind the last one if it `goes_on`.
  void send_together(const std::vector<SentStatement>& all, bool goes_on = false);
  /// Looks at what it was told.
  void listen();
  /// Lets go of the session.
  void close() { session_.reset(); }

  bool is_open() const { return open_; }
  /// Nothing that it sent is unanswered.
  bool is_answered() const { return answered_ == sent_; }
  /// The answer's rows; fails the test when there is none.
  const postgres::Rows& rows(std::size_t answer = 0) const;
  /// The SQLSTATE of an answer; empty of rows.
  std::string sqlstate(std::size_t answer = 0) const;

  std::vector<postgres::Completion> done;
  std::optional<Error> lost;
  std::size_t times_told = 0;

 private:
  void follow(const Result<bool>& connected);
  void queue(const SentStatement& sent, std::uint64_t tag, postgres::Then then);
  void flush();

  caf::scoped_actor mailbox_;
  std::unique_ptr<actors::DatabaseSession> session_;
  std::size_t sent_ = 0, answered_ = 0;
  bool open_ = false;
};

/// A modelled PostgreSQL and its clients.
struct ModelFixture {
  explicit ModelFixture(std::uint64_t seed = 1, const world::ModelSettings& settings = quick())
      : events(seed), server(events, settings, seed) {}

  /// No pauses and no pieces, a flush takes a millisecond.
  static world::ModelSettings quick();

  /// One that is connected, unless `connected` is false.
  ModelClient& client(bool connected = true);
  /// Turns the clock until `done`; false: nothing is left to happen.
  bool run_until(const std::function<bool()>& done);
  void run_for(Duration time);
  /// Sends it alone, and waits for its answer.
  const postgres::Completion& ask(ModelClient& client, const SentStatement& sent);
  /// The same with the statements of one transaction.
  const std::vector<postgres::Completion>& ask_together(ModelClient& client,
                                                        const std::vector<SentStatement>& all);

  world::EventQueue events;
  actors::Runtime runtime{events};
  world::ModelledPostgres server;
  std::vector<std::unique_ptr<ModelClient>> clients;

 private:
  void listen();
};

/// Of a session's own statements.
SentStatement timeouts(std::chrono::milliseconds statement, std::chrono::milliseconds lock);
SentStatement plain(const postgres::Statement& statement);

}  // namespace troupe::tests
