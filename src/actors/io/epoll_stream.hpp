#pragma once

#include <memory>

#include "actors/io/epoll_engine.hpp"

namespace troupe::actors {

/// A TCP connection whose socket an EpollEngine watches: each read and each write is a system call.
class EpollStream final : public ByteStream, private WatchUser {
 public:
  EpollStream(EpollEngine& engine, Descriptor socket);
  ~EpollStream() override { close(); }

  void wait_readable(std::shared_ptr<StreamUser> user) override;
  std::size_t read_some(std::span<char> into, boost::system::error_code& error) override;
  void wait_writable(std::shared_ptr<StreamUser> user) override;
  std::size_t write_some(std::span<const std::string_view> pieces, boost::system::error_code& error) override;
  std::size_t on_the_way() override;
  void end_writing(boost::system::error_code& error) override;
  void close() override;

 private:
  void on_ready(bool writable) override;
  void wait(bool writable);

  EpollEngine& engine_;
  Descriptor socket_;
  std::unique_ptr<Watch> watch_;
  std::shared_ptr<StreamUser> reader_, writer_;
};

}  // namespace troupe::actors
