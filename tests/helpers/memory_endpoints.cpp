#include "helpers/memory_endpoints.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace troupe::tests {

using namespace http;

namespace {

Response text(std::string body) {
  return {200, "text/plain", {}, std::move(body)};
}

Step answer_now(Exchange&, const ServerContext&) {
  return text("now");
}

Step answer_echo(Exchange& exchange, const ServerContext&) {
  return text(exchange.request.body);
}

Step ask_thing(Exchange& exchange, const ServerContext&) {
  return actors::ReadItem{{}, exchange.id.value()};
}

Step make_thing(Exchange& exchange, const ServerContext&) {
  return actors::CreateItem{{}, {exchange.request.body, std::nullopt, 1.0, true}};
}

Response answer_thing(Exchange&, const actors::Outcome& outcome) {
  return text(std::get<items::Item>(outcome).name);
}

Problem refuse_thing() {
  return typed_problem(422, "bad-thing", "Bad thing", "refused");
}

Step throw_fault(Exchange&, const ServerContext&) {
  throw std::runtime_error("a fault of the endpoint");
}

}  // namespace

std::span<const Endpoint> memory_endpoints() {
  static const Endpoint table[] = {
      {Method::get, "/now", "now", answer_now, nullptr},
      {Method::post, "/echo", "echo", answer_echo, nullptr},
      {Method::get, "/throws", "throws", throw_fault, nullptr},
      {Method::get, "/things/{id}", "get", ask_thing, answer_thing},
      {Method::post, "/things/", "create", make_thing, answer_thing, refuse_thing},
  };
  return table;
}

std::string get_request(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

std::string post_request(const std::string& target, const std::string& body) {
  return "POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

std::string without_dates(std::string bytes) {
  constexpr std::string_view field = "Date: ";
  constexpr std::size_t length = std::string_view("Sun, 06 Nov 1994 08:49:37 GMT").size();
  for (auto at = bytes.find(field); at != std::string::npos; at = bytes.find(field, at + 1)) {
    const auto begin = at + field.size();
    const auto end = std::min(begin + length, bytes.size());
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
              bytes.begin() + static_cast<std::ptrdiff_t>(end), '-');
  }
  return bytes;
}

std::vector<WireAnswer> answers_in(std::string_view bytes) {
  constexpr std::string_view blank_line = "\r\n\r\n";
  constexpr std::string_view length_field = "Content-Length: ";
  constexpr std::size_t status_place = 9;  // behind "HTTP/1.1 "
  std::vector<WireAnswer> answers;
  while (!bytes.empty()) {
    const auto end = bytes.find(blank_line);
    if (end == std::string_view::npos) break;
    WireAnswer answer;
    answer.status = std::stoi(std::string(bytes.substr(status_place, 3)));
    answer.head = bytes.substr(0, end + 2);
    bytes.remove_prefix(end + blank_line.size());
    const auto length = answer.head.find(length_field);
    if (length != std::string::npos) {
      answer.body = bytes.substr(0, std::stoul(answer.head.substr(length + length_field.size())));
      bytes.remove_prefix(answer.body.size());
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

items::Item thing(std::string name) {
  return {1, std::move(name), std::nullopt, 1.0, true};
}

}  // namespace troupe::tests
