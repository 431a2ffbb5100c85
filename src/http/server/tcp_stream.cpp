#include "http/server/tcp_stream.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <utility>

namespace troupe::http {

namespace asio = boost::asio;
using boost::system::error_code;

TcpStream::TcpStream(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {
  error_code ignored;  // a socket that is already gone fails at its first read
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

void TcpStream::wait_readable(std::shared_ptr<StreamUser> user) {
  socket_.async_wait(asio::ip::tcp::socket::wait_read,
                     [user = std::move(user)](error_code error) { user->on_readable(error); });
}

std::size_t TcpStream::read_some(std::span<char> into, error_code& error) {
  return socket_.read_some(asio::buffer(into.data(), into.size()), error);
}

void TcpStream::wait_writable(std::shared_ptr<StreamUser> user) {
  socket_.async_wait(asio::ip::tcp::socket::wait_write,
                     [user = std::move(user)](error_code error) { user->on_writable(error); });
}

std::size_t TcpStream::write_some(std::span<const std::string_view> pieces, error_code& error) {
  if (pieces.size() == 1) return socket_.write_some(asio::buffer(pieces.front()), error);
  std::array<asio::const_buffer, max_pieces> buffers;
  std::ranges::transform(pieces, buffers.begin(), [](std::string_view piece) { return asio::buffer(piece); });
  return socket_.write_some(buffers, error);
}

std::size_t TcpStream::on_the_way() {
  int bytes = 0;
  return ioctl(socket_.native_handle(), SIOCOUTQ, &bytes) == 0 ? static_cast<std::size_t>(bytes) : 0;
}

void TcpStream::end_writing(error_code& error) {
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
}

void TcpStream::close() {
  error_code ignored;
  socket_.close(ignored);  // cancels what is pending; its handlers let go of the user
}

}  // namespace troupe::http
