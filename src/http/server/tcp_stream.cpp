#include "http/server/tcp_stream.hpp"

#include <boost/asio/write.hpp>
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

std::size_t TcpStream::write_some(std::string_view bytes, error_code& error) {
  return socket_.write_some(asio::buffer(bytes), error);
}

void TcpStream::write_rest(std::string bytes, std::size_t begin, std::shared_ptr<StreamUser> user) {
  auto rest = std::make_unique<std::string>(std::move(bytes));
  const auto view = asio::buffer(*rest) + begin;
  asio::async_write(socket_, view,
                    [user = std::move(user), rest = std::move(rest)](error_code error, std::size_t) {
                      user->on_rest_written(error);
                    });
}

void TcpStream::end_writing(error_code& error) {
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
}

void TcpStream::close() {
  error_code ignored;
  socket_.close(ignored);  // cancels what is pending; its handlers let go of the user
}

}  // namespace troupe::http
