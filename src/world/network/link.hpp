#pragma once

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "actors/io/byte_stream.hpp"
#include "actors/runtime/worker.hpp"
#include "support/random.hpp"
#include "support/time.hpp"
#include "world/time/event_queue.hpp"
#include "world/time/span.hpp"

namespace troupe::world {

/// How a connection of the modelled network behaves.
struct LinkTraits {
  Span delay;                    ///< of each piece, one way; pieces keep their order
  std::size_t piece = 1460;      ///< bytes that travel together, at most
  std::size_t room = 64 * 1024;  ///< bytes of answers that the server's system holds, unread ones included
  std::size_t bytes_per_s = 0;   ///< that the client reads; 0: as fast as they come
};

/// A connection of the modelled network, as TCP would give it: bytes in order, both ends closing by
/// themselves, resets, and a peer that is gone without a word. Both ends live on one thread; the server's is
/// called back through its worker.
class Link : public std::enable_shared_from_this<Link> {
  struct Private {};  // only `open` makes one

 public:
  static std::shared_ptr<Link> open(EventQueue& events, actors::Worker& server, LinkTraits traits,
                                    Rng random);

  // ---- the client's end

  /// Called with bytes as they come, and once when no more will: after the server's end, or a reset.
  std::function<void(std::string_view bytes)> on_bytes;
  std::function<void()> on_end;
  void send(std::string_view bytes);
  /// Nothing more will be sent; answers are still read.
  void end();
  /// Resets the connection: neither end hears of the other again.
  void cut();
  /// The client is gone, and nothing tells the server: what is sent to it is never taken.
  void vanish();
  /// Did the client end it, or something on its side?
  bool broken_by_client() const { return reset_ || vanished_; }

  // ---- the server's end: what actors::ByteStream wants

  void wait_readable(std::shared_ptr<actors::StreamUser> user);
  std::size_t read_some(std::span<char> into, boost::system::error_code& error);
  void wait_writable(std::shared_ptr<actors::StreamUser> user);
  std::size_t write_some(std::span<const std::string_view> pieces, boost::system::error_code& error);
  std::size_t on_the_way() const { return held_; }
  void end_writing(boost::system::error_code& error);
  void close();

  Link(Private, EventQueue& events, actors::Worker& server, LinkTraits traits, Rng random);

 private:
  struct Piece {
    TimePoint at;
    std::string bytes;  ///< none: the end
  };
  using Direction = std::deque<Piece>;

  void put(Direction& direction, std::string_view bytes, void (Link::*deliver)());
  void put_end(Direction& direction, void (Link::*deliver)());
  void put_piece(Direction& direction, std::string bytes, void (Link::*deliver)());
  void schedule(Direction& direction, void (Link::*deliver)());
  void arrive_at_server();
  void arrive_at_client();
  void tell_readable(boost::system::error_code error);
  void tell_writable(boost::system::error_code error);
  void tell_client_of_end();

  EventQueue& events_;
  actors::Worker& server_;
  LinkTraits traits_;
  Rng random_;

  Direction to_server_, to_client_;
  std::string unread_;          ///< arrived, and not yet read by the server
  std::size_t held_ = 0;        ///< written by the server, and not yet read by the client
  TimePoint client_free_at_{};  ///< when the client has read what it got
  bool client_ended_ = false;   ///< and the server can know it
  bool reset_ = false, vanished_ = false, closed_ = false, end_sent_ = false, over_ = false;
  std::shared_ptr<actors::StreamUser> reader_, writer_;
};

/// The server's end of a link, as a session wants it.
std::unique_ptr<actors::ByteStream> stream_of(std::shared_ptr<Link> link);

}  // namespace troupe::world
