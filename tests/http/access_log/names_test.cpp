// What a request is called elsewhere: its id and its trace.
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "http/access_log/request_id.hpp"
#include "http/access_log/trace_context.hpp"

using namespace troupe::http;

TEST_CASE("a request id that a client sends is taken up when it is short and of plain characters") {
  const auto [text, right] = GENERATE(table<std::string, bool>({
      {"a", true},
      {"7f2c9a54-3f0e-4a9b-8f3e-0c1a2b3c4d5e", true},
      {"Root=1-67891233-abcdef", true},
      {"a+b/c==", true},
      {std::string(128, 'a'), true},
      {"", false},
      {std::string(129, 'a'), false},
      {"a b", false},
      {"a, b", false},
      {"a\"b", false},
      {"a;b", false},
      {"<script>", false},
      {"a\xc3\xa9", false},
  }));
  CAPTURE(text);
  CHECK(is_request_id(text) == right);
}

TEST_CASE("ids that are made differ, within a worker, between workers and between servers") {
  RequestIds one(1, 2), other(2, 2);
  std::set<std::string> ids, spans;
  for (int i = 0; i < 100; ++i) {
    for (const std::size_t worker : {0U, 1U}) {
      for (auto* server : {&one, &other}) {
        ids.insert(server->next(worker));
        spans.insert(server->next_span(worker));
      }
    }
  }
  CHECK(ids.size() == 400);
  CHECK(spans.size() == 400);
  for (const auto& id : ids) CHECK(is_request_id(id));
  for (const auto& span : spans) {
    CHECK(span.size() == 16);
    CHECK(parse_trace_parent("00-4bf92f3577b34da6a3ce929d0e0e4736-" + span + "-01").has_value());
  }
}

TEST_CASE("a traceparent is read strictly, and a later version's as far as this one goes") {
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736", parent = "00f067aa0ba902b7";
  const auto [field, right] = GENERATE_COPY(table<std::string, bool>({
      {"00-" + trace + "-" + parent + "-01", true},
      {"00-" + trace + "-" + parent + "-00", true},
      {"cc-" + trace + "-" + parent + "-01", true},
      {"cc-" + trace + "-" + parent + "-01-what-the-future-holds", true},
      {"cc-" + trace + "-" + parent + "-01.what", false},
      {"00-" + trace + "-" + parent + "-01-more", false},
      {"ff-" + trace + "-" + parent + "-01", false},
      {"0-" + trace + "-" + parent + "-01", false},
      {"00-" + std::string(32, '0') + "-" + parent + "-01", false},
      {"00-" + trace + "-" + std::string(16, '0') + "-01", false},
      {"00-4BF92F3577B34DA6A3CE929D0E0E4736-" + parent + "-01", false},
      {"00-" + trace + "-" + parent + "-0g", false},
      {"00-" + trace + "-" + parent, false},
      {"00_" + trace + "-" + parent + "-01", false},
      {"00-" + trace.substr(1) + "-" + parent + "-001", false},
      {"", false},
  }));
  CAPTURE(field);
  const auto read = parse_trace_parent(field);
  REQUIRE(read.has_value() == right);
  if (!read) return;
  CHECK(read->trace_id == trace);
  CHECK(read->parent_id == parent);
  CHECK(trace_parent_of(*read, "0123456789abcdef") ==
        "00-" + trace + "-0123456789abcdef-" + std::string(read->flags));
}
