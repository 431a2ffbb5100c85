#include "support/exposure_rows.hpp"

#include <algorithm>
#include <cctype>

#include "support/parse.hpp"
#include "support/setting_rows.hpp"

namespace troupe {
namespace {

using namespace setting_rows;
using namespace std::chrono_literals;

bool is_origin_character(char c) {
  return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_origin_port(std::string_view text, std::string_view scheme) {
  const auto port = parse_count(text);
  if (!port || *port == 0 || *port > 65'535 || text.starts_with('0')) return false;
  return !(scheme == "http" && *port == 80) && !(scheme == "https" && *port == 443);
}

bool is_origin_list(std::string_view text) {
  if (text.empty() || text == "*") return true;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    if (!is_origin(text.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return true;
}

std::vector<Setting> cors_rows() {
  using S = CorsSettings;
  const auto at = [](auto member) { return Field{&Settings::cors, member}; };
  return {
      text({"cors.origins", "--cors-origins", "pages of these origins may use the API; *: of any"}, "ORIGINS",
           "\"*\", empty, or origins separated by commas, each a scheme and a host in small letters and "
           "perhaps a port other than the scheme's own, without a path, like \"https://shop.example\"",
           at(&S::origins), is_origin_list),
      boolean(
          {"cors.credentials", "--cors-credentials", "they may send cookies and such of the browser's along"},
          at(&S::credentials)),
      duration(
          {"cors.max_age", "--cors-max-age", "how long a browser may remember what it was told it may ask"},
          at(&S::max_age), kOptionalTimeout),
  };
}

std::vector<Setting> admin_rows() {
  using S = AdminSettings;
  const auto at = [](auto member) { return Field{&Settings::admin, member}; };
  return {
      text({"admin.host", "--admin-host", "address or name that the admin listener listens on"}, "HOST",
           "an IP address or a host name", at(&S::host), is_host),
      number({"admin.port", "--admin-port",
              "a listener of its own for /metrics, /health and /debug/actors; 0: none"},
             at(&S::port), {0, 65'535}),
  };
}

std::vector<Setting> access_log_rows() {
  using S = AccessLogSettings;
  using F = AccessLogFormat;
  const auto at = [](auto member) { return Field{&Settings::access_log, member}; };
  return {
      text({"access_log.file", "--access-log", "gets a line for every answer; -: standard output"}, "FILE",
           "a path, \"-\" for standard output, or empty for none", at(&S::file), is_path),
      choice({"access_log.format", "--access-log-format", "how such a line is written"},
             "common|combined|json", at(&S::format),
             {{"common", F::common}, {"combined", F::combined}, {"json", F::json}}),
      size({"access_log.buffer", "--access-log-buffer",
            "for lines that wait to be written; what does not fit is dropped and counted"},
           at(&S::buffer), {64 << 10, 1 << 30}),
  };
}

}  // namespace

bool is_origin(std::string_view text) {
  const auto mark = text.find("://");
  if (mark == text.npos || mark == 0 || text.size() > 512) return false;
  const auto scheme = text.substr(0, mark);
  const auto is_scheme = [](char c) {
    return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '+' || c == '-' || c == '.';
  };
  if (!('a' <= scheme[0] && scheme[0] <= 'z') || !std::ranges::all_of(scheme, is_scheme)) return false;
  auto host = text.substr(mark + 3);
  const auto bracket = host.starts_with('[') ? host.find(']') : 0;
  if (bracket == host.npos) return false;
  if (const auto colon = host.find(':', bracket); colon != host.npos) {
    if (!is_origin_port(host.substr(colon + 1), scheme)) return false;
    host = host.substr(0, colon);
  }
  if (bracket == 0) return !host.empty() && std::ranges::all_of(host, is_origin_character);
  const auto of_address = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) || c == ':'; };
  return bracket > 1 && bracket + 1 == host.size() &&
         std::ranges::all_of(host.substr(1, bracket - 1), of_address);
}

std::vector<Setting> exposure_rows() {
  auto rows = cors_rows();
  for (const auto& more : {admin_rows(), access_log_rows()})
    rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

}  // namespace troupe
