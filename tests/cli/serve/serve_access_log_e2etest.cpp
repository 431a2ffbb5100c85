// The access log of the built binary, and what names its requests.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "helpers/folder.hpp"
#include "helpers/items_client.hpp"
#include "helpers/server_process.hpp"

using namespace troupe::tests;
using Catch::Contains;
namespace json = boost::json;

namespace {

/// A directory that whoever serves may write to.
struct LogDirectory {
  TemporaryDirectory directory;
  std::filesystem::path file = directory.path() / "access.log";

  LogDirectory() { std::filesystem::permissions(directory.path(), std::filesystem::perms(0777)); }

  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    const auto text = content_of(file);
    for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != text.npos; begin = end + 1)
      all.push_back(text.substr(begin, end - begin));
    return all;
  }
  std::vector<std::string> wait_for(std::size_t count) const {
    wait_until(std::to_string(count) + " lines", [&] { return lines().size() >= count; });
    return lines();
  }
};

}  // namespace

TEST_CASE("a request that is refused is its client's, not the proxy's", "[e2e]") {
  LogDirectory log;
  ServerProcess server({"--access-log", log.file, "--trusted-proxies", "127.0.0.1"});
  const auto refused =
      HttpClient(server.port())
          .ask("GET", "/items/", "X-Forwarded-For: 192.0.2.7\r\nContent-Length: 9999999999\r\n");
  CHECK(refused.status == 413);
  CHECK_THAT(log.wait_for(1).at(0), Catch::StartsWith("192.0.2.7 "));
}

TEST_CASE(
    "every answer is a line of the access log: of a row, of nothing, of nobody's method and of refusals",
    "[e2e]") {
  LogDirectory log;
  ServerProcess server({"--access-log", log.file, "--access-log-format", "json"});
  HttpClient client(server.port());
  const std::string fields =
      "User-Agent: test \"1\"\r\nReferer: http://a/?password=hush\r\nX-Request-Id: r-1\r\n"
      "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n";
  const auto listed = client.ask("GET", "/items/?limit=1&token=hush", fields);
  CHECK(listed.field("X-Request-Id") == "r-1");
  const auto missing = client.ask("HEAD", "/items/999999");
  const auto made = missing.field("X-Request-Id");
  client.ask("BREW", "/nowhere");
  HttpClient(server.port()).ask("GET", "/ bad", "");
  HttpClient(server.port()).ask("GET", "/items/", "Content-Length: 9999999999\r\n");
  const auto lines = log.wait_for(5);
  REQUIRE(lines.size() == 5);
  std::vector<json::object> read;
  for (const auto& line : lines) {
    CAPTURE(line);
    read.push_back(json::parse(line).as_object());
    CHECK(read.back().at("client") == "127.0.0.1");
    CHECK(read.back().at("duration_ms").to_number<double>() >= 0);
    CHECK(read.back().contains("request_id"));
    CHECK_THAT(line, !Contains("hush"));
  }
  const auto with_status = [&](int status) {
    const auto found =
        std::ranges::find_if(read, [&](const json::object& line) { return line.at("status") == status; });
    REQUIRE(found != read.end());
    return *found;
  };
  const auto list = with_status(listed.status);
  CHECK(list.at("route") == "GET /items/");
  CHECK(list.at("query") == "limit=1&token=***");
  CHECK(list.at("bytes") == listed.body.size());
  CHECK(list.at("request_id") == "r-1");
  CHECK(list.at("trace_id") == "4bf92f3577b34da6a3ce929d0e0e4736");
  CHECK(list.at("parent_id") == "00f067aa0ba902b7");
  CHECK(list.at("span_id") != list.at("parent_id"));
  CHECK(list.at("user_agent") == "test \"1\"");
  const auto head = with_status(404);
  CHECK(head.at("method") == "HEAD");
  CHECK(head.at("bytes") == 0);
  CHECK(head.at("request_id").as_string() == made);
  CHECK(with_status(501).at("method") == "BREW");
  CHECK_FALSE(with_status(400).contains("route"));
  CHECK(with_status(413).at("path") == "/items/");
  CHECK(metric(server.port(), "troupe_access_log_dropped_total") == 0);
}

TEST_CASE("a log that was rotated is opened anew at SIGHUP, and no line is lost", "[e2e]") {
  LogDirectory log;
  ServerProcess server({"--access-log", log.file, "--access-log-format", "common"});
  HttpClient client(server.port());
  for (int i = 0; i < 50; ++i) client.ask("GET", "/health/live");
  const auto moved = log.directory.path() / "access.log.1";
  log.wait_for(50);
  std::filesystem::rename(log.file, moved);
  for (int i = 0; i < 50; ++i) client.ask("GET", "/health/live");
  server.process().signal(SIGHUP);
  CHECK(eventually([&] { return std::filesystem::exists(log.file); }));
  for (int i = 0; i < 50; ++i) client.ask("GET", "/health/live");
  CHECK(server.stop() == 0);  // which writes what is left
  auto text = content_of(moved) + content_of(log.file);
  CHECK(std::ranges::count(text, '\n') == 150);
  const std::regex line(
      R"re(127\.0\.0\.1 - - \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET /health/live HTTP/1\.1" 200 17)re");
  CHECK(std::regex_match(text.substr(0, text.find('\n')), line));
}

TEST_CASE("standard output can take the log", "[e2e]") {
  ServerProcess server({"--access-log", "-"});
  HttpClient(server.port()).ask("GET", "/health/live", "User-Agent: me\r\n");
  CHECK(server.stop() == 0);
  CHECK_THAT(server.process().out(), Contains("\"GET /health/live HTTP/1.1\" 200 17 \"-\" \"me\"\n"));
}

TEST_CASE("without a log nothing is made up: a request id comes back only to who sent one", "[e2e]") {
  ServerProcess server;
  HttpClient client(server.port());
  CHECK_FALSE(client.ask("GET", "/health/live").has("X-Request-Id"));
  CHECK(client.ask("GET", "/health/live", "X-Request-Id: mine\r\n").field("X-Request-Id") == "mine");
  CHECK_FALSE(client.ask("GET", "/health/live", "X-Request-Id: a b\r\n").has("X-Request-Id"));
}

TEST_CASE("an access log that cannot be written is told of at the start, with exit code 2", "[e2e]") {
  const auto ended = run_troupe({{"serve", "--port", "0", "--access-log", "/proc/no/such"}});
  CHECK(ended.code == 2);
  CHECK_THAT(ended.err, Contains("troupe: access_log.file \"/proc/no/such\" cannot be opened: "));
}
