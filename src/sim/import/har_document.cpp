#include "sim/import/har_document.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/url/parse.hpp>
#include <charconv>
#include <chrono>
#include <cstddef>

#include "schema/base64.hpp"
#include "schema/text.hpp"
#include "support/characters.hpp"
#include "support/fit_url.hpp"
#include "support/iequals.hpp"
#include "support/url_text.hpp"

namespace troupe::sim {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_har_path = 2'000;
constexpr std::size_t longest_query = 8'000;
constexpr unsigned char deepest_body = 64;
constexpr std::array<std::string_view, 6> har_methods{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"};
constexpr std::array<std::string_view, 22> static_endings{
    ".js",  ".mjs",  ".css",   ".map", ".png", ".jpg", ".jpeg", ".gif",  ".svg", ".webp", ".avif",
    ".ico", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".mp4",  ".webm", ".mp3", ".wasm", ".webmanifest"};
constexpr std::array<std::string_view, 8> static_types{"image/",
                                                       "font/",
                                                       "video/",
                                                       "audio/",
                                                       "text/css",
                                                       "text/javascript",
                                                       "application/javascript",
                                                       "application/x-javascript"};

bool is_text(std::string_view text) {
  return schema::inspect_text(text).valid_utf8;
}

HarPairs pairs_of(const json::value* list) {
  HarPairs out;
  const auto* entries = as_array(list);
  if (entries == nullptr) return out;
  for (const auto& entry : *entries)
    out.emplace_back(as_text(member(&entry, "name")), as_text(member(&entry, "value")));
  return out;
}

/// The pairs of a query or a form; what is no UTF-8 is left out.
HarPairs decode_pairs(std::string_view text) {
  HarPairs out;
  while (!text.empty()) {
    const auto pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = percent_decoded(pair.substr(0, equals), true);
    auto value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())), true);
    if (is_text(name) && is_text(value)) out.emplace_back(std::move(name), std::move(value));
  }
  return out;
}

std::optional<json::value> json_of(std::string_view text) {
  json::parse_options options;
  options.max_depth = deepest_body;
  boost::system::error_code error;
  auto value = json::parse(text, error, {}, options);
  if (error) return std::nullopt;
  return value;
}

HarBody har_body_of(const json::value* data) {
  HarBody body;
  if (as_object(data) == nullptr) return body;
  body.type = as_text(member(data, "mimeType"));
  const auto type = std::string_view(body.type).substr(0, body.type.find(';'));
  const auto text = as_text(member(data, "text"));
  if (text.empty() && pairs_of(member(data, "params")).empty()) return body;
  body.kind = HarBody::Kind::other;
  if (type == "application/json" || type.ends_with("+json")) {
    if (auto value = json_of(text)) {
      body.kind = HarBody::Kind::json;
      body.json = std::move(*value);
    }
  } else if (type == "application/x-www-form-urlencoded") {
    body.kind = HarBody::Kind::form;
    body.form = decode_pairs(text);
    if (text.empty()) {
      for (auto& [name, value] : pairs_of(member(data, "params"))) {
        auto decoded = percent_decoded(value, true);
        if (is_text(decoded)) body.form.emplace_back(std::move(name), std::move(decoded));
      }
    }
  }
  return body;
}

std::optional<json::value> har_answer_of(const json::value* content) {
  const auto text = as_text(member(content, "text"));
  if (text.empty()) return std::nullopt;
  if (as_text(member(content, "encoding")) != "base64") return json_of(text);
  std::string bytes;
  return schema::decode_base64(text, bytes) ? json_of(bytes) : std::nullopt;
}

/// A moment of RFC 3339, in seconds since 1970.
std::optional<double> moment_of(std::string_view text) {
  const auto number = [&](std::size_t at, std::size_t digits) -> int {
    int value = -1;
    if (at + digits > text.size()) return -1;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + digits, value);
    return error == std::errc() && end == text.data() + at + digits ? value : -1;
  };
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  const int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
  if (year < 1970 || year > 2200 || month < 1 || day < 1 || hour < 0 || minute < 0 || second < 0)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  double seconds = static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count()) * 86'400.0;
  seconds += hour * 3600 + minute * 60 + second;
  auto at = std::size_t{19};
  if (at < text.size() && text[at] == '.') {
    double digit = 0.1;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, digit /= 10)
      seconds += (text[at] - '0') * digit;
  }
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
    const int hours = std::max(number(at + 1, 2), 0), minutes = std::max(number(at + 4, 2), 0);
    seconds -= (text[at] == '+' ? 1 : -1) * (hours * 3600 + minutes * 60);
  }
  return seconds;
}

bool is_static(const HarRequest& request, const json::value* entry) {
  if (request.method != "GET" && request.method != "HEAD") return false;
  const auto type = as_text(member(member(member(entry, "response"), "content"), "mimeType"));
  const auto begins = [&](std::string_view known) { return type.starts_with(known); };
  const auto ending =
      std::string_view(request.path).substr(std::min(request.path.rfind('.'), request.path.size()));
  const auto ends = [&](std::string_view known) { return iequals(ending, known); };
  return std::ranges::any_of(static_types, begins) || std::ranges::any_of(static_endings, ends);
}

/// Reads the URL into the request; false: it is no request that scenarios know.
bool read_url(std::string_view text, HarRequest& request) {
  const auto safe = as_url(text.substr(0, text.find('#')));
  const auto url = boost::urls::parse_uri(safe);
  if (!url || url->host().empty()) return false;
  const auto scheme = url->scheme_id();
  if (scheme != boost::urls::scheme::http && scheme != boost::urls::scheme::https) return false;
  request.origin = scheme == boost::urls::scheme::https ? "https://" : "http://";
  request.origin += std::string(url->encoded_host_and_port());
  for (auto& c : request.origin) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  request.path = as_path(std::string(url->encoded_path()));
  if (request.path.empty()) request.path = "/";
  const auto query = std::string(url->encoded_query());
  if (request.path.size() > longest_har_path || query.size() > longest_query) return false;
  request.query = decode_pairs(query);
  return true;
}

/// The pairs of Cookie, and of Set-Cookie, whose attributes are among them.
void add_recorded_cookies(const HarPairs& fields, HarPairs& cookies) {
  for (const auto& [name, value] : fields) {
    if (!iequals(name, "cookie") && !iequals(name, "set-cookie")) continue;
    for (std::string_view rest = value; !rest.empty();) {
      auto pair = rest.substr(0, rest.find_first_of(";\n"));
      rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
      const auto equals = std::min(pair.find('='), pair.size());
      cookies.emplace_back(trim_whitespace(pair.substr(0, equals)),
                           trim_whitespace(pair.substr(std::min(equals + 1, pair.size()))));
    }
  }
}

std::optional<HarRequest> read_request(const json::value* entry) {
  const auto* said = member(entry, "request");
  const auto* response = member(entry, "response");
  HarRequest request;
  request.method = as_text(member(said, "method"));
  if (std::ranges::find(har_methods, request.method) == har_methods.end()) return std::nullopt;
  if (!read_url(as_text(member(said, "url")), request)) return std::nullopt;
  request.headers = pairs_of(member(said, "headers"));
  request.body = har_body_of(member(said, "postData"));
  request.answer = har_answer_of(member(response, "content"));
  request.answer_headers = pairs_of(member(response, "headers"));
  request.cookies = pairs_of(member(said, "cookies"));
  for (auto& given : pairs_of(member(response, "cookies"))) request.cookies.push_back(std::move(given));
  add_recorded_cookies(request.headers, request.cookies);
  add_recorded_cookies(request.answer_headers, request.cookies);
  const auto* status = member(response, "status");
  if (status != nullptr && status->is_int64() && status->get_int64() >= 100 && status->get_int64() <= 599)
    request.status = static_cast<int>(status->get_int64());
  request.begin = moment_of(as_text(member(entry, "startedDateTime")));
  const auto* took = member(entry, "time");
  if (took != nullptr && took->is_number())
    request.took = std::clamp(took->to_number<double>() / 1000, 0.0, 3600.0);
  request.is_static = is_static(request, entry);
  return request;
}

}  // namespace

Result<HarRecording> read_har(std::string_view text) {
  const auto document = JsonDocument::parse(text, "a HAR file");
  if (!document) return document.error();
  const auto* entries = as_array(member(member(&document->root(), "log"), "entries"));
  if (entries == nullptr) return invalid("is not a HAR file: it has no log with entries");
  HarRecording recording;
  for (const auto& entry : *entries) {
    if (auto request = read_request(&entry)) {
      recording.requests.push_back(std::move(*request));
    } else {
      ++recording.others;
    }
  }
  return recording;
}

}  // namespace troupe::sim
