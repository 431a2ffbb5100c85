#include "helpers/memory_endpoints.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "helpers/item_commands.hpp"

namespace troupe::tests {

using namespace http;

namespace {

Response text(std::string body) {
  return {200, "text/plain", {}, std::move(body)};
}

Step answer_now(Exchange&, const ServerContext&) {
  return text("now");
}

Step answer_page(Exchange&, const ServerContext&) {
  return Response{200, "text/plain", {}, {}, shared_page()};
}

Step answer_echo(Exchange& exchange, const ServerContext&) {
  return text(exchange.request.body);
}

Step ask_thing(Exchange& exchange, const ServerContext&) {
  return read_item(std::stoll(std::string(exchange.key())));
}

Step make_thing(Exchange& exchange, const ServerContext&) {
  return create_item(exchange.request.body);
}

Response answer_thing(Exchange&, const actors::Outcome& outcome) {
  return text(name_in(std::get<actors::RowAnswer>(outcome)));
}

Problem refuse_thing(const Exchange&, const actors::Failure&) {
  return typed_problem(422, "bad-thing", "Bad thing", "refused");
}

Step throw_fault(Exchange&, const ServerContext&) {
  throw std::runtime_error("a fault of the endpoint");
}

}  // namespace

Router memory_endpoints() {
  return Router({
      {Method::get, "/now", "now", answer_now},
      {Method::get, "/page", "page", answer_page},
      {Method::post, "/echo", "echo", answer_echo},
      {Method::get, "/throws", "throws", throw_fault},
      {Method::get, "/things/{id}", "get", ask_thing, answer_thing},
      {Method::post, "/things/", "create", make_thing, answer_thing, refuse_thing},
  });
}

const std::shared_ptr<const std::string>& shared_page() {
  static const auto page = std::make_shared<const std::string>(100'000, 'p');
  return page;
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

actors::RowAnswer thing(const std::string& name) {
  return item_answer(1, name);
}

}  // namespace troupe::tests
