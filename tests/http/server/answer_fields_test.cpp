#include "http/server/answer_fields.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "helpers/memory_endpoints.hpp"
#include "helpers/memory_server.hpp"

using namespace troupe;
using namespace troupe::http;
using namespace troupe::tests;

namespace {

const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";

std::string fields_of(ServerContext& context, const RequestNotes& notes, std::string fields = {}) {
  Request request;
  request.notes = std::make_shared<RequestNotes>(notes);
  Response response{200, "text/plain", std::move(fields), {}};
  add_answer_fields(context, 0, request, response);
  return response.fields;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

}  // namespace

TEST_CASE("a client's request id comes back with its answer, and one that is none does not") {
  ServerContext context;
  CHECK(fields_of(context, {.request_id = "r-1"}) == "X-Request-Id: r-1\r\n");
  CHECK(fields_of(context, {.request_id = "r 1"}) == "");
  CHECK(fields_of(context, {.request_id = "r-1, r-2"}) == "");
}

TEST_CASE("with Server-Timing a trace is told the span that it has here") {
  ServerContext context;
  const RequestNotes notes{.trace_parent = "00-" + trace + "-00f067aa0ba902b7-01"};
  CHECK(fields_of(context, notes) == "");
  context.settings.server_timing = true;
  const auto fields = fields_of(context, notes, "Server-Timing: parse;dur=1\r\n");
  CHECK(has(fields, "Server-Timing: traceparent;desc=\"00-" + trace + "-"));
  CHECK(has(fields, "-01\", parse;dur=1\r\n"));
  CHECK_FALSE(has(fields, "00f067aa0ba902b7"));
  CHECK(fields_of(context, {.trace_parent = "00-" + trace + "-00f067aa0ba902b7-01-x"}) == "");
}

TEST_CASE("every kind of answer gets them: of an endpoint, of the database, of the router, and a refusal") {
  MemoryServer server(memory_endpoints());
  const auto answer_to = [&](const std::string& line) {
    auto& client = server.connect();
    client.send(line + " HTTP/1.1\r\nHost: a\r\nX-Request-Id: r-1\r\n\r\n");
    server.settle();
    for (std::size_t place = 0; place < server.asked.size(); ++place) server.reply(place, thing("x"));
    return answers_in(client.received()).back();
  };
  for (const auto* line : {"GET /now", "GET /things/1", "GET /nowhere", "DELETE /now", "GET /throws"}) {
    CAPTURE(line);
    CHECK(has(answer_to(line).head, "X-Request-Id: r-1\r\n"));
  }
  auto& client = server.connect();
  client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: r-1\r\nHost: b\r\n\r\n");
  server.settle();
  CHECK(answers_in(client.received()).back().status == 400);
  CHECK(has(answers_in(client.received()).back().head, "X-Request-Id: r-1\r\n"));
}

TEST_CASE("an answer that comes later goes to the request that asked for it, and stopping waits for it") {
  static std::vector<std::function<void(Response)>> waiting;
  waiting.clear();
  const auto begin = [](Exchange&, const ServerContext&) -> Step {
    return Later{[](std::function<void(Response)> answer) { waiting.push_back(std::move(answer)); }};
  };
  MemoryServer server(Router({{Method::get, "/later", "later", begin}}));
  const auto actor = server.spawn_connection_actor();
  auto& first = server.connect(actor);
  auto& second = server.connect(actor);
  first.send(get_request("/later"));
  server.settle();
  second.send(get_request("/later"));
  server.settle();
  REQUIRE(waiting.size() == 2);
  server.stop(actor);
  waiting[1]({200, "text/plain", {}, "for the second"});
  waiting[0]({200, "text/plain", {}, "for the first"});
  waiting.clear();
  server.settle();
  CHECK(answers_in(first.received()).back().body == "for the first");
  CHECK(answers_in(second.received()).back().body == "for the second");
}
