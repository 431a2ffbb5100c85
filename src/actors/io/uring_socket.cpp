#include "actors/io/uring_socket.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <utility>

namespace troupe::actors {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// What a client may send ahead: then its socket is left alone until somebody has read that.
constexpr std::size_t most_unread = 4 * 1'024;
// Copying more than this costs more than the system call that it saves.
constexpr std::size_t most_gathered = 16 * 1'024;

error_code error_of(int number) {
  return {number, boost::system::system_category()};
}

}  // namespace

UringSocket::UringSocket(UringEngine& engine, Descriptor socket)
    : engine_(engine), socket_(std::move(socket)) {
  prepare_stream_socket(socket_.number());
}

// ---- reading

void UringSocket::wait_readable(std::shared_ptr<StreamUser> user) {
  if (closed_) return engine_.abort_later(std::move(user), false);
  if (!unread_.empty() || ended_ || read_error_ != 0) return engine_.tell_later(std::move(user), false, {});
  reader_ = std::move(user);
  if (!receiving_.is_pending()) receive();
}

void UringSocket::receive() {
  auto& entry = engine_.entry(receiving_, shared_from_this());
  io_uring_prep_recv_multishot(&entry, socket_.number(), nullptr, 0, 0);
  entry.flags |= IOSQE_BUFFER_SELECT;
  entry.buf_group = UringEngine::buffer_group;
}

void UringSocket::on_received(int result, unsigned flags) {
  if (result > 0) {
    take(engine_.received(result, flags));
    engine_.give_back(flags);
  } else if (result == 0) {
    ended_ = true;
  } else if (result != -ENOBUFS && result != -ECANCELED) {
    read_error_ = -result;
  }
  if (closed_) return let_go();
  if (ended_ || read_error_ != 0) return tell_reader();
  if (!receiving_.is_pending()) {
    if (reader_) receive();
  } else if (!reader_ && unread_.size() > most_unread) {
    engine_.cancel(receiving_);
  }
}

void UringSocket::take(std::string_view bytes) {
  if (closed_) return;
  arrived_ = bytes;
  if (unread_.empty()) tell_reader();
  unread_.append(std::exchange(arrived_, {}));
  if (!unread_.empty()) engine_.tell_later(std::exchange(reader_, nullptr), false, {});
}

// The user may let go of this socket meanwhile; the engine keeps it.
void UringSocket::tell_reader() {
  if (const auto user = std::exchange(reader_, nullptr)) user->on_readable({});
}

std::size_t UringSocket::read_some(std::span<char> into, error_code& error) {
  error = {};
  if (!unread_.empty()) {
    const auto count = unread_.copy(into.data(), into.size());
    count == unread_.size() ? std::string().swap(unread_) : static_cast<void>(unread_.erase(0, count));
    return count;
  }
  const auto count = arrived_.copy(into.data(), into.size());
  arrived_.remove_prefix(count);
  if (count != 0) return count;
  if (closed_) {
    error = asio::error::bad_descriptor;
  } else if (read_error_ != 0) {
    error = error_of(read_error_);
  } else {
    error = ended_ ? error_code(asio::error::eof) : asio::error::would_block;
  }
  return 0;
}

// ---- writing

std::size_t UringSocket::write_some(std::span<const std::string_view> pieces, error_code& error) {
  error = closed_ ? error_code(asio::error::bad_descriptor) : error_of(write_error_);
  if (error) return 0;
  std::size_t size = 0;
  for (const auto piece : pieces) size += piece.size();
  const auto before = unsent();
  if (before == 0 && size > most_gathered) return send_now(socket_.number(), pieces, error);
  if (before >= most_gathered) return error = asio::error::would_block, 0;
  if (gathered_.empty()) gathered_ = engine_.memory().borrow();
  std::size_t taken = 0;
  for (auto piece : pieces) {
    piece = piece.substr(0, most_gathered - before - taken);
    gathered_ += piece;
    taken += piece.size();
  }
  if (!sending_now_.is_pending() && !std::exchange(will_be_sent_, true))
    engine_.send_later(shared_from_this());
  return taken;
}

void UringSocket::send_gathered() {
  will_be_sent_ = false;
  if (closed_ || gathered_.empty() || sending_now_.is_pending()) return;
  sending_.swap(gathered_);
  sent_ = 0;
  send_rest();
}

void UringSocket::send_rest() {
  const auto rest = std::string_view(sending_).substr(sent_);
  io_uring_prep_send(&engine_.entry(sending_now_, shared_from_this()), socket_.number(), rest.data(),
                     rest.size(), MSG_NOSIGNAL);
}

void UringSocket::on_sent(int result, unsigned) {
  if (result < 0 && write_error_ == 0) write_error_ = -result;
  if (result > 0) sent_ += static_cast<std::size_t>(result);
  if (closed_) return let_go();
  if (write_error_ == 0 && sent_ < sending_.size()) return send_rest();
  engine_.memory().give_back(std::exchange(sending_, {}));
  sent_ = 0;
  if (write_error_ != 0) return tell_writer();
  if (!gathered_.empty()) {
    sending_.swap(gathered_);
    send_rest();
  } else if (end_behind_) {
    error_code ignored;  // the client is gone: reading finds out
    actors::end_writing(socket_.number(), ignored);
  }
  tell_writer();
}

void UringSocket::wait_writable(std::shared_ptr<StreamUser> user) {
  if (closed_) return engine_.abort_later(std::move(user), true);
  if (write_error_ != 0) return engine_.tell_later(std::move(user), true, {});
  writer_ = std::move(user);
  if (unsent() == 0 && !writable_.is_pending())
    io_uring_prep_poll_add(&engine_.entry(writable_, shared_from_this()), socket_.number(), POLLOUT);
}

void UringSocket::on_writable(int, unsigned) {
  if (closed_) return let_go();
  tell_writer();
}

void UringSocket::tell_writer() {
  if (const auto user = std::exchange(writer_, nullptr)) user->on_writable({});
}

std::size_t UringSocket::on_the_way() {
  return unacknowledged(socket_.number()) + unsent();
}

// ---- ending

void UringSocket::end_writing(error_code& error) {
  send_gathered();
  error = {};
  if (sending_now_.is_pending()) {
    end_behind_ = true;
  } else {
    actors::end_writing(socket_.number(), error);
  }
}

// The kernel refers to the socket's file as long as it receives: only shutting it down ends the connection.
void UringSocket::close() {
  if (std::exchange(closed_, true)) return;
  if (!gathered_.empty() && !sending_now_.is_pending()) {
    error_code ignored;
    const std::string_view last = gathered_;
    send_now(socket_.number(), {&last, 1}, ignored);
  }
  ::shutdown(socket_.number(), SHUT_RDWR);
  let_go();
  engine_.abort_later(std::exchange(reader_, nullptr), false);
  engine_.abort_later(std::exchange(writer_, nullptr), true);
  std::string().swap(unread_);
  arrived_ = {};
  engine_.memory().give_back(std::exchange(gathered_, {}));
}

// An entry that has not reached the kernel yet names a number, and the next client may get one that is free:
// it would read that client's bytes, or write to it what belongs to this one.
void UringSocket::let_go() {
  if (!receiving_.is_pending() && !sending_now_.is_pending() && !writable_.is_pending()) socket_.close();
}

}  // namespace troupe::actors
