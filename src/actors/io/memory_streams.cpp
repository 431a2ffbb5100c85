#include "actors/io/memory_streams.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <string>
#include <utility>

namespace troupe::actors {

using boost::system::error_code;

namespace {

/// What a pipe keeps for its next bytes; more goes back, for connections can be many and idle.
constexpr std::size_t kept_for_later = 1024;

/// One direction of a connection. It is told by the engine itself and then tells who still waits, so that
/// nobody hears of a wait that a close has ended.
class Pipe final : public StreamUser, public std::enable_shared_from_this<Pipe> {
 public:
  explicit Pipe(IoEngine& engine) : engine_(engine) {}

  // ---- the reading end

  void wait_readable(std::shared_ptr<StreamUser> user) {
    reader_ = std::move(user);
    tell_reader();
  }

  std::size_t read_some(std::span<char> into, error_code& error) {
    const auto count = std::min(into.size(), unread());
    if (count == 0) {
      if (ended_) {
        error = boost::asio::error::eof;
      } else {
        error = boost::asio::error::would_block;
      }
      return 0;
    }
    error = {};
    bytes_.copy(into.data(), count, begin_);
    begin_ += count;
    if (unread() == 0) forget();
    tell_writer();
    return count;
  }

  void close_reading() {
    abandoned_ = true;
    forget();
    engine_.abort_later(std::exchange(reader_, nullptr), false);
    tell_writer();
  }

  // ---- the writing end

  void wait_writable(std::shared_ptr<StreamUser> user) {
    writer_ = std::move(user);
    tell_writer();
  }

  std::size_t write_some(std::span<const std::string_view> pieces, error_code& error) {
    error = {};
    if (abandoned_ || ended_) error = boost::asio::error::broken_pipe;
    if (!error && unread() == memory_stream_room) error = boost::asio::error::would_block;
    if (error) return 0;
    bytes_.erase(0, std::exchange(begin_, 0));
    const auto before = bytes_.size();
    for (const auto piece : pieces) bytes_ += piece.substr(0, memory_stream_room - bytes_.size());
    tell_reader();
    return bytes_.size() - before;
  }

  std::size_t unread() const { return bytes_.size() - begin_; }

  void end() {
    ended_ = true;
    tell_reader();
  }

  void close_writing() {
    engine_.abort_later(std::exchange(writer_, nullptr), true);
    end();
  }

 private:
  bool is_readable() const { return unread() > 0 || ended_; }
  bool is_writable() const { return abandoned_ || unread() < memory_stream_room; }

  void tell_reader() {
    if (reader_ && is_readable()) engine_.tell_later(shared_from_this(), false, {});
  }
  void tell_writer() {
    if (writer_ && is_writable()) engine_.tell_later(shared_from_this(), true, {});
  }

  // It may be told twice for one wait.
  void on_readable(error_code) override {
    if (!is_readable()) return;
    if (const auto user = std::exchange(reader_, nullptr)) user->on_readable({});
  }
  void on_writable(error_code) override {
    if (!is_writable()) return;
    if (const auto user = std::exchange(writer_, nullptr)) user->on_writable({});
  }

  void forget() {
    begin_ = 0;
    bytes_.clear();
    if (bytes_.capacity() > kept_for_later) std::string().swap(bytes_);
  }

  IoEngine& engine_;
  std::string bytes_;
  std::size_t begin_ = 0;   ///< what is before it was read
  bool ended_ = false;      ///< nothing more will be written
  bool abandoned_ = false;  ///< nobody reads any more
  std::shared_ptr<StreamUser> reader_, writer_;
};

/// One end: it reads from one pipe and writes into the other.
class MemoryStream final : public ByteStream {
 public:
  MemoryStream(IoEngine& engine, std::shared_ptr<Pipe> in, std::shared_ptr<Pipe> out)
      : engine_(engine), in_(std::move(in)), out_(std::move(out)) {}
  ~MemoryStream() override { shut(); }

  void wait_readable(std::shared_ptr<StreamUser> user) override {
    if (closed_) return engine_.abort_later(std::move(user), false);
    in_->wait_readable(std::move(user));
  }
  std::size_t read_some(std::span<char> into, error_code& error) override {
    if (!closed_) return in_->read_some(into, error);
    error = boost::asio::error::bad_descriptor;
    return 0;
  }
  void wait_writable(std::shared_ptr<StreamUser> user) override {
    if (closed_) return engine_.abort_later(std::move(user), true);
    out_->wait_writable(std::move(user));
  }
  std::size_t write_some(std::span<const std::string_view> pieces, error_code& error) override {
    return out_->write_some(pieces, error);  // which has ended with a close
  }
  std::size_t on_the_way() override { return out_->unread(); }
  void end_writing(error_code& error) override {
    error = {};
    out_->end();
  }
  void close() override { shut(); }

 private:
  void shut() {
    if (std::exchange(closed_, true)) return;
    in_->close_reading();
    out_->close_writing();
  }

  IoEngine& engine_;
  std::shared_ptr<Pipe> in_, out_;
  bool closed_ = false;
};

}  // namespace

MemoryStreams memory_streams(IoEngine& engine) {
  auto there = std::make_shared<Pipe>(engine), back = std::make_shared<Pipe>(engine);
  auto near = std::make_unique<MemoryStream>(engine, back, there);
  return {std::move(near), std::make_unique<MemoryStream>(engine, std::move(there), std::move(back))};
}

}  // namespace troupe::actors
