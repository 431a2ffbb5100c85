#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/database/database_session.hpp"
#include "postgres/catalogue/served_resource.hpp"
#include "schema/list_query.hpp"
#include "support/result.hpp"
#include "world/postgres/backend.hpp"
#include "world/postgres/engine.hpp"
#include "world/postgres/model_settings.hpp"
#include "world/postgres/wire.hpp"
#include "world/time/event_queue.hpp"

namespace troupe::world {

/// A PostgreSQL server in virtual time: one database, READ COMMITTED, the statements up to a Sync one
/// transaction. It knows the statements that our catalogue makes of its tables, lists once they were made
/// known, and what database actors tell a session; any other is a broken invariant. Used by one thread;
/// outlives its sessions.
class ModelledPostgres {
 public:
  /// It is up at once.
  ModelledPostgres(EventQueue& events, const ModelSettings& settings, std::uint64_t seed);
  ~ModelledPostgres();
  ModelledPostgres(const ModelledPostgres&) = delete;
  ModelledPostgres& operator=(const ModelledPostgres&) = delete;

  /// Makes the table, empty; of one that is there already only the statements are added, for resources that
  /// were read again. Error, one line: a type or a rule that is not modelled.
  Result<void> add_table(const postgres::SharedResource& resource, const TableRules& rules);
  /// Makes lists of this shape known: values, limit and offset may be others.
  void know_list(const postgres::SharedResource& resource, const schema::ListQuery& query);
  /// Sessions of database actors; an owner that waits is refused, since virtual time cannot block.
  actors::OpenSession sessions();

  // ---- what can go wrong; a connection is named by its place among `connections()`, and none of that place
  // is passed over

  /// Every process dies: what was not yet flushed is lost, of what was being flushed a beginning is kept.
  void crash();
  /// Connections are refused (57P03) while it recovers. Of a server that is up: nothing.
  void start();
  /// A crash, and a start after `down`.
  void restart(Duration down);
  void refuse_connections(bool refuse) { refusing_ = refuse; }
  void set_max_connections(std::size_t most) { engine_.settings.max_connections = most; }
  void set_read_only(bool read_only) { engine_.read_only = read_only; }
  /// Nothing is answered or accepted for so long; what is on its way arrives.
  void silence(Duration time) { engine_.time.silence(time); }
  /// No byte of an answer arrives for so long.
  void delay_answers(Duration time) { engine_.time.hold_answers(time); }
  /// The connection breaks somewhere in the bytes that are on their way; what runs goes on to its commit.
  void cut_connection(std::size_t place);
  /// 57P01: the connection ends; a commit that has begun goes on.
  void terminate_connection(std::size_t place);
  /// 57014 for the statement that it runs. False: there is none, or its commit has begun.
  bool cancel_statement(std::size_t place);
  void set_disk(Duration min, Duration max) { engine_.settings.disk = {min, max}; }
  /// No flush ends for so long.
  void stall_disk(Duration time) { engine_.transactions.stall_disk(time); }

  // ---- what is there

  bool up() const { return state_ == State::up; }
  /// Every change of a row that is committed, in the order of commits.
  const std::vector<Commit>& history() const { return engine_.transactions.history(); }
  /// The rows of `Resource::table` that are committed.
  std::map<Key, Cells> rows(const std::string& table) const;
  /// In progress: they have written or locked a row, or are about to; and how many of them wait for another.
  std::size_t transactions_open() const { return engine_.transactions.open(); }
  std::size_t transactions_waiting() const { return engine_.transactions.waiting(); }
  /// Rows that a transaction in progress holds.
  std::size_t locks_held() const;
  /// Also those whose client is gone while their statement still runs.
  std::size_t connections() const { return backends_.size(); }

 private:
  class Session;
  enum class State { up, down, recovering };

  /// What becomes of a client that has come to the door; the wire is served if it is let in.
  Result<void> admit(const std::shared_ptr<Wire>& wire);
  void remove(const Backend& backend);
  std::shared_ptr<Backend> backend_at(std::size_t place) const;

  Engine engine_;
  State state_ = State::up;
  bool refusing_ = false;
  std::vector<std::shared_ptr<Backend>> backends_;
};

}  // namespace troupe::world
