// What comes from outside to those who send load: answers of servers, and documents that scenarios are made
// of.
#include <algorithm>

#include "fuzz/fuzz_target.hpp"
#include "sim/client/cookie_jar.hpp"
#include "sim/client/gunzip.hpp"
#include "sim/client/redirect.hpp"
#include "sim/client/response_reader.hpp"
#include "sim/import/har_import.hpp"
#include "sim/import/openapi_import.hpp"

namespace troupe::fuzz {
namespace {

using sim::ResponseReader;

/// What a client learns of an answer, as a text that can be compared.
template <class NextSize>
std::string learn(std::string_view bytes, const ResponseReader::Wanted& wanted, NextSize next_size) {
  ResponseReader reader;
  reader.begin(wanted);
  std::size_t used = 0;
  while (used < bytes.size() && !reader.is_done() && !reader.has_failed()) {
    const std::string piece(bytes.substr(used, next_size()));
    const auto taken = reader.take(piece);
    if (taken > piece.size()) return "more taken than there is";
    used += taken;
    if (taken < piece.size()) break;
  }
  if (!reader.is_done() && !reader.has_failed()) reader.take_end();
  if (reader.has_failed()) return "failed: " + std::string(reader.fault());
  if (!reader.is_done()) return "more";
  std::string text = std::to_string(used) + ' ' + std::to_string(reader.head().status) + ' ' +
                     std::to_string(reader.body_bytes()) + ' ' + std::to_string(reader.keeps_connection());
  return text + reader.body() + '|' + reader.fields() + '|' + reader.head().location;
}

std::string try_answer(std::string_view input) {
  const auto choice = take_choice(input, 4);
  const ResponseReader::Wanted wanted{.to_head = choice == 1, .fields = true, .body = choice != 2};
  const auto whole = learn(input, wanted, [&] { return input.size(); });
  if (whole == "more taken than there is") return whole;
  Cuts cuts(input);
  if (learn(input, wanted, [] { return std::size_t{1}; }) != whole)
    return "byte by byte it is another answer";
  if (learn(input, wanted, [&] { return cuts.next(); }) != whole) return "in pieces it is another answer";
  return {};
}

std::string try_redirect(std::string_view input) {
  const auto next = sim::resolve_redirect("http://shop.example:8080/a/b?c=d", input);
  if (!next) return {};
  const bool bare = std::ranges::all_of(next->target, [](char c) { return c > ' ' && c != '\x7f'; });
  return bare ? "" : "a redirect into the middle of a request";
}

std::string try_cookies(std::string_view input) {
  sim::CookieJar jar;
  const TimePoint now{std::chrono::hours(1)};
  while (!input.empty()) {
    const auto end = std::min(input.find('\n'), input.size());
    jar.take(input.substr(0, end), "shop.example", "/a/b", now);
    input.remove_prefix(std::min(end + 1, input.size()));
  }
  std::string field;
  jar.append_for("shop.example", "/a/b", true, now, field);
  if (jar.size() > sim::CookieJar::most_cookies) return "more cookies than a jar holds";
  return {};
}

std::string try_gzip(std::string_view input) {
  constexpr std::size_t most = 64 * 1024;
  return sim::gunzip(input, most).text.size() > most ? "more than was wanted" : "";
}

template <Result<std::string> (*import)(std::string_view, std::string_view)>
std::string try_import(std::string_view input) {
  const auto scenario = import(input, "document.json");
  return scenario ? "" : fault_of_message(scenario.error().message);
}

const std::vector<std::string_view> json_pieces{
    "{", "}", "[", "]", ",", ":", "\"", "null", "1e999", "{\"$ref\":\"#\"}", "\\ud800", "\\u0000", "\\n"};

const Register answer_target({"http_answer",
                              try_answer,
                              {"\r\n", "\n", "\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
                               "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n",
                               "ffffffffffffffff", ";", "\"", " x\r\n"}});
const Register redirect_target({"redirect",
                                try_redirect,
                                {"//", "?", "#", "..", "://", "@", "[::1]", ":", "%0d%0a"}});
const Register cookies_target({"cookie",
                               try_cookies,
                               {"; ", "=", "Path=", "Domain=", "Max-Age=", "Expires=", "Secure", "\n"}});
const Register gzip_target({"gzip", try_gzip, {"\x1f\x8b\x08"}});
const Register openapi_target({"openapi", try_import<sim::scenario_of_openapi>, json_pieces});
const Register har_target({"har", try_import<sim::scenario_of_har>, json_pieces});

}  // namespace
}  // namespace troupe::fuzz
