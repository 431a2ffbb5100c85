#include "world/network/link.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <cstring>
#include <utility>

namespace troupe::world {

namespace error = boost::asio::error;
using boost::system::error_code;

std::shared_ptr<Link> Link::open(EventQueue& events, actors::Worker& server, LinkTraits traits, Rng random) {
  return std::make_shared<Link>(Private{}, events, server, traits, random);
}

Link::Link(Private, EventQueue& events, actors::Worker& server, LinkTraits traits, Rng random)
    : events_(events), server_(server), traits_(traits), random_(random) {}

// ---- what travels

void Link::put(Direction& direction, std::string_view bytes, void (Link::*deliver)()) {
  while (!bytes.empty()) {
    const auto piece = bytes.substr(0, 1 + random_.below(traits_.piece));
    bytes.remove_prefix(piece.size());
    put_piece(direction, std::string(piece), deliver);
  }
}

void Link::put_end(Direction& direction, void (Link::*deliver)()) {
  put_piece(direction, {}, deliver);
}

void Link::put_piece(Direction& direction, std::string bytes, void (Link::*deliver)()) {
  auto at = events_.now() + draw(traits_.delay, random_);
  if (!direction.empty()) at = std::max(at, direction.back().at);
  direction.push_back({at, std::move(bytes)});
  if (direction.size() == 1) schedule(direction, deliver);
}

// One event at a time: what is due at one moment comes in no order of its own.
void Link::schedule(Direction& direction, void (Link::*deliver)()) {
  events_.at(direction.front().at, [link = shared_from_this(), deliver] { (link.get()->*deliver)(); });
}

void Link::arrive_at_server() {
  if (to_server_.empty()) return;  // a cut came first
  auto piece = std::move(to_server_.front());
  to_server_.pop_front();
  if (!to_server_.empty()) schedule(to_server_, &Link::arrive_at_server);
  if (closed_ || reset_ || vanished_) return;
  if (piece.bytes.empty()) client_ended_ = true;
  unread_ += piece.bytes;
  tell_readable({});
}

void Link::arrive_at_client() {
  if (to_client_.empty()) return;
  // A slow client takes its time for each piece: it stays in the way of those behind it.
  if (client_free_at_ > events_.now()) {
    to_client_.front().at = client_free_at_;
    return schedule(to_client_, &Link::arrive_at_client);
  }
  auto piece = std::move(to_client_.front());
  to_client_.pop_front();
  if (!to_client_.empty()) schedule(to_client_, &Link::arrive_at_client);
  if (reset_ || vanished_) return;
  if (piece.bytes.empty()) return tell_client_of_end();
  held_ -= piece.bytes.size();
  if (traits_.bytes_per_s != 0)
    client_free_at_ = events_.now() + from_seconds(static_cast<double>(piece.bytes.size()) /
                                                   static_cast<double>(traits_.bytes_per_s));
  if (held_ < traits_.room) tell_writable({});
  if (on_bytes) on_bytes(piece.bytes);
}

void Link::tell_readable(error_code why) {
  if (auto user = std::exchange(reader_, nullptr))
    server_.post([user = std::move(user), why] { user->on_readable(why); });
}

void Link::tell_writable(error_code why) {
  if (auto user = std::exchange(writer_, nullptr))
    server_.post([user = std::move(user), why] { user->on_writable(why); });
}

void Link::tell_client_of_end() {
  if (std::exchange(over_, true)) return;
  if (on_end) on_end();
}

// ---- the client

void Link::send(std::string_view bytes) {
  if (!reset_ && !vanished_ && !over_) put(to_server_, bytes, &Link::arrive_at_server);
}

void Link::end() {
  if (!reset_ && !vanished_) put_end(to_server_, &Link::arrive_at_server);
}

void Link::cut() {
  if (vanished_ || std::exchange(reset_, true)) return;
  to_server_.clear();
  to_client_.clear();
  unread_.clear();
  tell_readable({});
  tell_writable({});
  tell_client_of_end();
}

void Link::vanish() {
  if (reset_) return;
  vanished_ = true;
  tell_client_of_end();
}

// ---- the server

void Link::wait_readable(std::shared_ptr<actors::StreamUser> user) {
  reader_ = std::move(user);
  if (closed_) return tell_readable(error::operation_aborted);
  if (reset_ || client_ended_ || !unread_.empty()) tell_readable({});
}

std::size_t Link::read_some(std::span<char> into, error_code& why) {
  if (closed_) return why = error::bad_descriptor, 0;
  if (reset_) return why = error::connection_reset, 0;
  if (unread_.empty()) return why = client_ended_ ? error_code(error::eof) : error::would_block, 0;
  const auto count = std::min(unread_.size(), into.size());
  std::memcpy(into.data(), unread_.data(), count);
  unread_.erase(0, count);
  return count;
}

void Link::wait_writable(std::shared_ptr<actors::StreamUser> user) {
  writer_ = std::move(user);
  if (closed_) return tell_writable(error::operation_aborted);
  if (reset_ || held_ < traits_.room) tell_writable({});
}

std::size_t Link::write_some(std::span<const std::string_view> pieces, error_code& why) {
  if (closed_) return why = error::bad_descriptor, 0;
  if (reset_) return why = error::broken_pipe, 0;
  std::size_t written = 0;
  for (auto piece : pieces) {
    piece = piece.substr(0, traits_.room - held_);
    held_ += piece.size();
    written += piece.size();
    put(to_client_, piece, &Link::arrive_at_client);
    if (held_ == traits_.room) break;
  }
  if (written == 0) why = error::would_block;
  return written;
}

void Link::end_writing(error_code& why) {
  if (reset_ || closed_) {
    why = error::not_connected;
    return;
  }
  if (!std::exchange(end_sent_, true)) put_end(to_client_, &Link::arrive_at_client);
}

// As in TCP: who closes with bytes unread resets the connection, and what was on its way to the other end can
// be lost.
void Link::close() {
  if (std::exchange(closed_, true)) return;
  if (!unread_.empty() || !to_server_.empty()) {
    to_client_.clear();
    held_ = 0;
    end_sent_ = false;  // an end that was on its way is lost, too
  }
  if (!reset_ && !std::exchange(end_sent_, true)) put_end(to_client_, &Link::arrive_at_client);
  unread_.clear();
  tell_readable(error::operation_aborted);
  tell_writable(error::operation_aborted);
}

namespace {

class LinkStream final : public actors::ByteStream {
 public:
  explicit LinkStream(std::shared_ptr<Link> link) : link_(std::move(link)) {}
  ~LinkStream() override { link_->close(); }

  void wait_readable(std::shared_ptr<actors::StreamUser> user) override {
    link_->wait_readable(std::move(user));
  }
  std::size_t read_some(std::span<char> into, error_code& why) override {
    return link_->read_some(into, why);
  }
  void wait_writable(std::shared_ptr<actors::StreamUser> user) override {
    link_->wait_writable(std::move(user));
  }
  std::size_t write_some(std::span<const std::string_view> pieces, error_code& why) override {
    return link_->write_some(pieces, why);
  }
  std::size_t on_the_way() override { return link_->on_the_way(); }
  void end_writing(error_code& why) override { link_->end_writing(why); }
  void close() override { link_->close(); }

 private:
  std::shared_ptr<Link> link_;
};

}  // namespace

std::unique_ptr<actors::ByteStream> stream_of(std::shared_ptr<Link> link) {
  return std::make_unique<LinkStream>(std::move(link));
}

}  // namespace troupe::world
