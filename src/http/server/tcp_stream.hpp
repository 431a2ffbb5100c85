#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "http/server/byte_stream.hpp"

namespace troupe::http {

/// A client's TCP connection. Lives on the thread that runs the socket's io_context.
class TcpStream final : public ByteStream {
 public:
  explicit TcpStream(boost::asio::ip::tcp::socket socket);

  void wait_readable(std::shared_ptr<StreamUser> user) override;
  std::size_t read_some(std::span<char> into, boost::system::error_code& error) override;
  void wait_writable(std::shared_ptr<StreamUser> user) override;
  std::size_t write_some(std::span<const std::string_view> pieces, boost::system::error_code& error) override;
  std::size_t on_the_way() override;
  void end_writing(boost::system::error_code& error) override;
  void close() override;

 private:
  boost::asio::ip::tcp::socket socket_;
};

}  // namespace troupe::http
