#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/database/database_session.hpp"

namespace troupe::tests {

/// A server that does what a test says, without a socket and without a clock. One session at a time. Used by
/// one thread.
class ScriptedServer {
 public:
  enum class Connecting { at_once, never, refused };

  /// Opens the sessions of one database actor; this object must outlive them.
  actors::OpenSession sessions();

  /// How the next attempts go.
  Connecting connecting = Connecting::at_once;
  /// What happens while a session of an owner that waits blocks in `wait()`, for so long at most.
  std::function<void(std::chrono::milliseconds)> while_waited_for = [](std::chrono::milliseconds) {};
  /// How many attempts there were.
  std::size_t attempts() const { return attempts_; }
  /// The names of the batches' statements that were sent and not yet answered, oldest first.
  std::vector<std::string> unanswered() const;

  /// How many transactions they are.
  std::size_t syncs() const;

  /// Answers the oldest statement with the items of these ids, in this order, and tells the owner. What the
  /// session was told about itself succeeds.
  void answer(const std::vector<std::int64_t>& ids);
  /// Refuses the transaction of the oldest statement, all of it.
  void refuse(std::string_view sqlstate);
  /// Does a parameter of the oldest statement hold these bytes?
  bool oldest_holds(std::string_view bytes) const;
  /// How many rows its parameters, which are arrays, have.
  std::size_t oldest_rows() const;
  /// Breaks the connection and tells the owner.
  void lose();

 private:
  class Session;
  struct Sent {
    std::string name;
    std::uint64_t tag;
    std::vector<std::int64_t> ids;  ///< of an array of keys
    std::string params;             ///< all of them, one after the other
    postgres::Then then;
  };

  void complete(std::variant<postgres::Rows, postgres::StatementError> outcome);
  void tell_owner();

  std::size_t attempts_ = 0;
  Session* session_ = nullptr;  ///< the present one
  std::deque<Sent> sent_;
  std::vector<postgres::Completion> arrived_;
  bool lost_ = false;
};

}  // namespace troupe::tests
