#include "helpers/http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <strings.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace troupe::tests {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error("HTTP client: " + what);
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::pair<std::string, std::string> parse_field(std::string_view line) {
  const auto colon = line.find(": ");
  if (colon == std::string_view::npos) fail("not a field line: " + std::string(line));
  return {std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))};
}

}  // namespace

bool Answer::has(std::string_view name) const {
  return std::ranges::any_of(fields, [&](const auto& field) { return same_name(field.first, name); });
}

std::string Answer::field(std::string_view name) const {
  const auto matches = [&](const auto& field) { return same_name(field.first, name); };
  if (std::ranges::count_if(fields, matches) > 1) fail("repeated field " + std::string(name));
  const auto found = std::ranges::find_if(fields, matches);
  return found == fields.end() ? std::string() : found->second;
}

std::string request_text(std::string_view method, std::string_view target, std::string_view fields,
                         std::string_view body) {
  std::string text = std::string(method) + ' ' + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n";
  text += fields;
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  text += "\r\n";
  text += body;
  return text;
}

HttpClient::HttpClient(std::uint16_t port, std::chrono::milliseconds timeout) : timeout_(timeout) {
  socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const std::string why = std::strerror(errno);
    close(socket_);
    fail("cannot connect: " + why);
  }
}

HttpClient::~HttpClient() {
  if (socket_ >= 0) close(socket_);
}

HttpClient::HttpClient(HttpClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      timeout_(other.timeout_),
      buffer_(std::move(other.buffer_)) {}

void HttpClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    // The server may refuse and close before it has read everything: its answer is what counts then.
    if (count < 0 && (errno == EPIPE || errno == ECONNRESET)) return;
    if (count < 0) fail(std::string("cannot send: ") + std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

bool HttpClient::readable(std::chrono::milliseconds timeout) {
  pollfd waited{socket_, POLLIN, 0};
  return !buffer_.empty() || poll(&waited, 1, static_cast<int>(timeout.count())) > 0;
}

bool HttpClient::fill() {
  pollfd waited{socket_, POLLIN, 0};
  if (poll(&waited, 1, static_cast<int>(timeout_.count())) <= 0) fail("no answer in time");
  std::array<char, 65'536> chunk;
  const auto count = recv(socket_, chunk.data(), chunk.size(), 0);
  if (count < 0) fail(std::string("cannot read: ") + std::strerror(errno));
  buffer_.append(chunk.data(), static_cast<std::size_t>(count));
  return count > 0;
}

Answer HttpClient::read_head() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) fail("the connection ended within a response head: \"" + buffer_ + "\"");
  }
  const std::string head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  Answer answer;
  const auto line_end = head.find("\r\n");
  const std::string line = head.substr(0, line_end);
  if (!line.starts_with("HTTP/1.") || line.size() < 13 || line[8] != ' ' || line[12] != ' ') {
    fail("not a status line: " + line);
  }
  answer.version = line.substr(0, 8);
  answer.status = std::stoi(line.substr(9, 3));
  for (auto at = line_end + 2; at < head.size();) {
    const auto next = head.find("\r\n", at);
    answer.fields.push_back(parse_field(std::string_view(head).substr(at, next - at)));
    at = next + 2;
  }
  return answer;
}

Answer HttpClient::read(bool to_head) {
  auto answer = read_head();
  const auto length = answer.field("Content-Length");
  const bool bodiless = answer.status < 200 || answer.status == 204 || answer.status == 304;
  if (bodiless && !length.empty()) fail("a body is announced where none may be");  // RFC 9110 section 8.6
  if (bodiless || to_head) return answer;
  if (length.empty()) fail("a response without Content-Length");
  const auto size = std::stoul(length);
  while (buffer_.size() < size) {
    if (!fill()) fail("the connection ended within a response body");
  }
  answer.body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return answer;
}

Answer HttpClient::ask(std::string_view method, std::string_view target, std::string_view fields,
                       std::string_view body) {
  send(request_text(method, target, fields, body));
  return read(method == "HEAD");
}

bool HttpClient::closed_by_peer(std::chrono::milliseconds timeout) {
  if (!readable(timeout) || !buffer_.empty()) return false;
  char byte = 0;
  const auto count = recv(socket_, &byte, 1, 0);
  return count == 0 || (count < 0 && errno == ECONNRESET);
}

void HttpClient::finish_sending() {
  shutdown(socket_, SHUT_WR);
}

void HttpClient::reset() {
  const linger now{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(std::exchange(socket_, -1));
}

}  // namespace troupe::tests
