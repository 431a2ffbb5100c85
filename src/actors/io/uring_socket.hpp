#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "actors/io/uring_engine.hpp"

namespace troupe::actors {

/// A TCP connection on a ring. What the client sends is received without being asked for (multishot), as long
/// as somebody reads it; small answers gather in memory until the turn ends, large ones are written at once.
/// Stays until the kernel has let go of it, so a UringStream stands between it and its user.
class UringSocket final : public std::enable_shared_from_this<UringSocket> {
 public:
  UringSocket(UringEngine& engine, Descriptor socket);

  // As ByteStream's.
  void wait_readable(std::shared_ptr<StreamUser> user);
  std::size_t read_some(std::span<char> into, boost::system::error_code& error);
  void wait_writable(std::shared_ptr<StreamUser> user);
  std::size_t write_some(std::span<const std::string_view> pieces, boost::system::error_code& error);
  std::size_t on_the_way();
  void end_writing(boost::system::error_code& error);
  void close();

  /// Hands the engine what has gathered.
  void send_gathered();

 private:
  void receive();
  void on_received(int result, unsigned flags);
  void take(std::string_view bytes);
  void on_sent(int result, unsigned flags);
  void on_writable(int result, unsigned flags);
  void send_rest();
  void tell_reader();
  void tell_writer();
  void let_go();
  std::size_t unsent() const { return gathered_.size() + sending_.size() - sent_; }

  /// One of the things that the kernel does for this socket.
  template <void (UringSocket::*handler)(int result, unsigned flags)>
  class Part final : public RingUser {
   public:
    explicit Part(UringSocket& whole) : whole_(whole) {}
    void on_completion(int result, unsigned flags) override { (whole_.*handler)(result, flags); }

   private:
    UringSocket& whole_;
  };

  UringEngine& engine_;
  Part<&UringSocket::on_received> receiving_{*this};
  Part<&UringSocket::on_sent> sending_now_{*this};
  Part<&UringSocket::on_writable> writable_{*this};
  std::shared_ptr<StreamUser> reader_, writer_;
  std::string_view arrived_;  ///< in the engine's buffer, while the reader is told of it
  std::string unread_;        ///< came when nobody read
  std::string gathered_;      ///< for the end of the turn
  std::string sending_;       ///< the kernel sends it
  std::size_t sent_ = 0;      ///< of that
  Descriptor socket_;         ///< its number is kept as long as an entry of the ring may name it
  int read_error_ = 0, write_error_ = 0;
  bool closed_ = false;
  bool ended_ = false;  ///< the client sends no more
  bool will_be_sent_ = false;
  bool end_behind_ = false;  ///< say that no more comes once all is sent
};

/// A UringSocket's user's end.
class UringStream final : public ByteStream {
 public:
  UringStream(UringEngine& engine, Descriptor socket)
      : socket_(std::make_shared<UringSocket>(engine, std::move(socket))) {}
  ~UringStream() override { socket_->close(); }

  void wait_readable(std::shared_ptr<StreamUser> user) override { socket_->wait_readable(std::move(user)); }
  std::size_t read_some(std::span<char> into, boost::system::error_code& error) override {
    return socket_->read_some(into, error);
  }
  void wait_writable(std::shared_ptr<StreamUser> user) override { socket_->wait_writable(std::move(user)); }
  std::size_t write_some(std::span<const std::string_view> pieces,
                         boost::system::error_code& error) override {
    return socket_->write_some(pieces, error);
  }
  std::size_t on_the_way() override { return socket_->on_the_way(); }
  void end_writing(boost::system::error_code& error) override { socket_->end_writing(error); }
  void close() override { socket_->close(); }

 private:
  std::shared_ptr<UringSocket> socket_;
};

}  // namespace troupe::actors
