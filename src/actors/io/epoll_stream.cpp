#include "actors/io/epoll_stream.hpp"

#include <system_error>
#include <utility>

namespace troupe::actors {

using boost::system::error_code;

EpollStream::EpollStream(EpollEngine& engine, Descriptor socket)
    : engine_(engine), socket_(std::move(socket)), watch_(engine.watch(socket_.number(), *this)) {
  prepare_stream_socket(socket_.number());
}

void EpollStream::wait_readable(std::shared_ptr<StreamUser> user) {
  if (!watch_) return engine_.abort_later(std::move(user), false);
  reader_ = std::move(user);
  wait(false);
}

void EpollStream::wait_writable(std::shared_ptr<StreamUser> user) {
  if (!watch_) return engine_.abort_later(std::move(user), true);
  writer_ = std::move(user);
  wait(true);
}

// A kernel that watches no more sockets costs this connection, not the worker.
void EpollStream::wait(bool writable) {
  try {
    writable ? watch_->wait_writable() : watch_->wait_readable();
  } catch (const std::system_error& refused) {
    auto& user = writable ? writer_ : reader_;
    engine_.tell_later(std::exchange(user, nullptr), writable,
                       {refused.code().value(), boost::system::system_category()});
  }
}

// The user may let go of this stream meanwhile.
void EpollStream::on_ready(bool writable) {
  const auto user = std::exchange(writable ? writer_ : reader_, nullptr);
  writable ? user->on_writable({}) : user->on_readable({});
}

std::size_t EpollStream::read_some(std::span<char> into, error_code& error) {
  return receive_now(socket_.number(), into, error);
}

std::size_t EpollStream::write_some(std::span<const std::string_view> pieces, error_code& error) {
  return send_now(socket_.number(), pieces, error);
}

std::size_t EpollStream::on_the_way() {
  return unacknowledged(socket_.number());
}

void EpollStream::end_writing(error_code& error) {
  actors::end_writing(socket_.number(), error);
}

void EpollStream::close() {
  watch_.reset();
  socket_.close();
  engine_.abort_later(std::exchange(reader_, nullptr), false);
  engine_.abort_later(std::exchange(writer_, nullptr), true);
}

}  // namespace troupe::actors
