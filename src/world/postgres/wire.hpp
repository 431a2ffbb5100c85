#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/database/database_session.hpp"
#include "postgres/wire/params.hpp"
#include "postgres/wire/pipeline.hpp"
#include "support/result.hpp"
#include "world/postgres/model_settings.hpp"
#include "world/postgres/server_time.hpp"

namespace troupe::world {

/// One execution of a statement, with the Sync behind it if its transaction ends there.
struct Request {
  postgres::Statement statement;
  postgres::Params params;
  std::uint64_t tag = 0;
  postgres::Then then = postgres::Then::commit;
};

/// A connection between a client and a server. Both directions keep their order; answers are bytes that come
/// in pieces, and the completions of a transaction are there with their last byte. The server's end is
/// `on_request`, `on_close`, `answer` and `cut`, all else the client's. Used by one thread; what is on its
/// way keeps it alive.
class Wire : public std::enable_shared_from_this<Wire> {
 public:
  /// Both outlive it.
  Wire(ServerTime& time, const ModelSettings& settings, actors::SessionOwner owner)
      : time_(time), settings_(settings), owner_(std::move(owner)) {}

  void send(Request request) { unwritten_.push_back(std::move(request)); }
  /// As `DatabaseSession::flush`.
  Result<bool> flush();
  /// As `DatabaseSession::receive`.
  Result<void> receive(std::vector<postgres::Completion>& done);
  /// The client lets go: what it wrote still arrives, then `on_close` is called. Nothing is told any more.
  void close();
  /// Has the owner told that there is something to read or that it may write, unless it is gone.
  void tell(bool writable);
  bool is_his(const actors::SocketReady& ready) const;
  /// From now on what arrives is told, once after each `receive`.
  void listen();
  bool closed() const { return !owner_; }
  /// Why the connection is lost, once the client can know.
  const std::optional<Error>& broken() const { return broken_; }

  std::function<void(Request)> on_request;
  std::function<void()> on_close;
  /// What a transaction of so many statements is answered.
  void answer(std::vector<postgres::Completion> completions);
  /// Breaks both directions: of the bytes that are on their way to the client all arrive, or any number if it
  /// `loses` some; of what is on its way to the server nothing does.
  void cut(Error why, bool loses);

 private:
  struct Answer {
    std::size_t end;  ///< of its bytes, counted from the connection's first
    std::vector<postgres::Completion> completions;
  };

  void write(std::size_t count);
  void request_arrives();
  void send_piece(std::size_t bytes);
  void piece_arrives();
  void break_off(const Error& why);
  void readable();

  ServerTime& time_;
  const ModelSettings& settings_;
  std::optional<actors::SessionOwner> owner_;
  std::deque<Request> unwritten_, to_server_;
  TimePoint last_request_{};  ///< when the last of `to_server_` arrives
  std::deque<std::size_t> pieces_;
  TimePoint last_piece_{};  ///< when the last of `pieces_` arrives
  std::deque<Answer> answers_;
  std::size_t produced_ = 0, arrived_ = 0;  ///< bytes
  std::optional<std::size_t> cut_at_;       ///< no byte behind it arrives
  bool listening_ = false;
  bool unread_ = false;   ///< something arrived that nobody was told of
  bool blocked_ = false;  ///< a flush left something, and the socket is not writable yet
  std::optional<Error> broken_;
};

}  // namespace troupe::world
