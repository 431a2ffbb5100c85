#include "helpers/fake_server.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <utility>

namespace troupe::tests {
namespace {

int listen_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  return listener;
}

int listen_anywhere(unsigned short& port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port = ntohs(address.sin_port);
  return listener;
}

}  // namespace

FakeServer::FakeServer(Handler handler, const std::string& socket_path)
    : handler_(std::move(handler)),
      listener_(socket_path.empty() ? listen_anywhere(port_) : listen_at(socket_path)) {
  url_ = socket_path.empty() ? "http://127.0.0.1:" + std::to_string(port_) : "unix:" + socket_path;
  REQUIRE(::listen(listener_, 64) == 0);
  accepting_ = std::thread([this] { serve(); });
}

FakeServer::~FakeServer() {
  ::shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  ::close(listener_);
  {
    const std::lock_guard lock(mutex_);
    for (const int connection : open_) ::shutdown(connection, SHUT_RDWR);
  }
  for (auto& thread : threads_) thread.join();
}

void FakeServer::serve() {
  int connection = 0;
  while ((connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0) {
    ++connections;
    const std::lock_guard lock(mutex_);
    open_.push_back(connection);
    threads_.emplace_back([this, connection] { answer(connection); });
  }
}

void FakeServer::answer(int connection) {
  std::string got;
  std::array<char, 16 * 1024> buffer;
  for (ssize_t count = 0; (count = ::recv(connection, buffer.data(), buffer.size(), 0)) > 0;) {
    got.append(buffer.data(), static_cast<std::size_t>(count));
    const auto head = got.find("\r\n\r\n");
    const auto length = got.find("Content-Length: ");
    if (head == std::string::npos) continue;
    const auto size = head + 4 + (length < head ? std::stoul(got.substr(length + 16)) : 0);
    if (got.size() < size) continue;
    const auto reply = handler_(got.substr(0, size));
    got.erase(0, size);
    static_cast<void>(::send(connection, reply.bytes.data(), reply.bytes.size(), MSG_NOSIGNAL));
    if (!reply.closes_after) continue;
    std::this_thread::sleep_for(*reply.closes_after);
    break;
  }
  const std::lock_guard lock(mutex_);
  std::erase(open_, connection);
  ::close(connection);
}

std::string answer_200(const std::string& body, const std::string& fields) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + fields + "\r\n" +
         body;
}

}  // namespace troupe::tests
