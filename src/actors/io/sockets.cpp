#include "actors/io/sockets.hpp"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <boost/asio/error.hpp>
#include <cerrno>

#include "actors/io/byte_stream.hpp"
#include "support/invariant.hpp"

namespace troupe::actors {

namespace {

using boost::system::error_code;

error_code last_error() {
  return {errno, boost::system::system_category()};
}

}  // namespace

void Descriptor::close() {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

void prepare_stream_socket(int socket) {
  const int on = 1;
  static_cast<void>(::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
}

std::size_t receive_now(int socket, std::span<char> into, error_code& error) {
  const auto count = ::recv(socket, into.data(), into.size(), MSG_DONTWAIT);
  if (count > 0) return error = {}, static_cast<std::size_t>(count);
  error = count == 0 ? error_code(boost::asio::error::eof) : last_error();
  return 0;
}

std::size_t send_now(int socket, std::span<const std::string_view> pieces, error_code& error) {
  TROUPE_INVARIANT(pieces.size() <= ByteStream::max_pieces, "a stream was given more pieces than it takes");
  std::array<iovec, ByteStream::max_pieces> parts{};
  for (std::size_t i = 0; i < pieces.size(); ++i)
    parts[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};  // NOLINT: sendmsg does not write
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = pieces.size();
  const auto count = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  error = count < 0 ? last_error() : error_code();
  return count < 0 ? 0 : static_cast<std::size_t>(count);
}

std::size_t unacknowledged(int socket) {
  int bytes = 0;
  return ::ioctl(socket, SIOCOUTQ, &bytes) == 0 ? static_cast<std::size_t>(bytes) : 0;
}

void end_writing(int socket, error_code& error) {
  error = ::shutdown(socket, SHUT_WR) == 0 ? error_code() : last_error();
}

}  // namespace troupe::actors
