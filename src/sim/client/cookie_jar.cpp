#include "sim/client/cookie_jar.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <chrono>
#include <iomanip>
#include <optional>
#include <sstream>

#include "support/characters.hpp"
#include "support/iequals.hpp"

namespace troupe::sim {
namespace {

/// A century: longer than any run.
constexpr std::int64_t most_seconds = 100LL * 366 * 24 * 3600;

/// `name=value`; the value is empty where there is no equals sign.
std::pair<std::string_view, std::string_view> split(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return {trim_whitespace(text), {}};
  return {trim_whitespace(text.substr(0, equals)), trim_whitespace(text.substr(equals + 1))};
}

/// Section 5.1.3.
bool domain_matches(std::string_view host, std::string_view domain) {
  if (iequals(host, domain)) return true;
  if (host.size() <= domain.size() || !iequals(host.substr(host.size() - domain.size()), domain))
    return false;
  boost::system::error_code no_address;
  boost::asio::ip::make_address(host, no_address);
  return host[host.size() - domain.size() - 1] == '.' && no_address;
}

/// Section 5.1.4.
std::string_view default_path(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos || slash == 0 ? std::string_view("/") : path.substr(0, slash);
}

bool path_matches(std::string_view path, std::string_view wanted) {
  if (!path.starts_with(wanted)) return false;
  return path.size() == wanted.size() || wanted.ends_with('/') || path[wanted.size()] == '/';
}

/// Seconds until a date as HTTP writes them today (RFC 9110 section 5.6.7), or with dashes, as cookies once
/// had it.
std::optional<std::int64_t> seconds_until(std::string_view date) {
  for (const char* const format : {"%a, %d %b %Y %H:%M:%S", "%a, %d-%b-%Y %H:%M:%S"}) {
    std::istringstream in{std::string(date)};
    in.imbue(std::locale::classic());
    std::tm time{};
    if (!(in >> std::get_time(&time, format))) continue;
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    return static_cast<std::int64_t>(::timegm(&time)) - now;
  }
  return std::nullopt;
}

std::optional<std::int64_t> seconds_of(std::string_view max_age) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(max_age.data(), max_age.data() + max_age.size(), seconds);
  if (end != max_age.data() + max_age.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return max_age.starts_with('-') ? 0 : most_seconds;
  return error == std::errc() ? std::optional(seconds) : std::nullopt;
}

struct Attributes {
  std::string_view domain{}, path{};
  std::optional<std::int64_t> expires{}, max_age{};  ///< in seconds
  bool secure = false;
};

Attributes read_attributes(std::string_view text) {
  Attributes out;
  while (!text.empty()) {
    const auto semicolon = std::min(text.find(';'), text.size());
    const auto [name, value] = split(text.substr(0, semicolon));
    text.remove_prefix(std::min(semicolon + 1, text.size()));
    if (iequals(name, "Domain")) out.domain = value.substr(value.starts_with('.') ? 1 : 0);
    if (iequals(name, "Path")) out.path = value.starts_with('/') ? value : std::string_view();
    if (iequals(name, "Secure")) out.secure = true;
    if (iequals(name, "Max-Age")) out.max_age = seconds_of(value);
    if (iequals(name, "Expires")) out.expires = seconds_until(value);
  }
  return out;
}

}  // namespace

void CookieJar::take(std::string_view set_cookie, std::string_view host, std::string_view path,
                     TimePoint now) {
  const auto end_of_pair = std::min(set_cookie.find(';'), set_cookie.size());
  const auto pair = set_cookie.substr(0, end_of_pair);
  const auto [name, value] = split(pair);
  if (name.empty() || pair.find('=') == std::string_view::npos) return;
  const auto said = read_attributes(set_cookie.substr(std::min(end_of_pair + 1, set_cookie.size())));
  if (!said.domain.empty() && !domain_matches(host, said.domain)) return;
  path = path.substr(0, path.find('?'));
  // Nobody owns all of a top-level domain: such a cookie stays its host's.
  const bool for_domain = said.domain.find('.') != std::string_view::npos;
  Cookie made{std::string(name),
              std::string(value),
              std::string(said.path.empty() ? default_path(path) : said.path),
              std::string(for_domain ? said.domain : host),
              TimePoint::max(),
              said.secure,
              for_domain};
  const auto same = [&made](const Cookie& one) {
    return one.name == made.name && one.path == made.path && iequals(one.domain, made.domain);
  };
  for (const auto& one : cookies_) bytes_ -= same(one) ? one.bytes() : 0;
  std::erase_if(cookies_, same);
  if (const auto seconds = said.max_age ? said.max_age : said.expires) {
    if (*seconds <= 0) return;  // it was to go
    made.end = now + std::chrono::seconds(std::min(*seconds, most_seconds));
  }
  if (made.bytes() > most_bytes) return;
  bytes_ += made.bytes();
  cookies_.push_back(std::move(made));
  while (cookies_.size() > most_cookies || bytes_ > most_bytes) {
    bytes_ -= cookies_.front().bytes();
    cookies_.erase(cookies_.begin());
  }
}

void CookieJar::append_for(std::string_view host, std::string_view path, bool secure, TimePoint now,
                           std::string& out) const {
  path = path.substr(0, path.find('?'));
  std::array<const Cookie*, most_cookies> matching;
  std::size_t count = 0;
  for (const auto& one : cookies_) {
    if (now >= one.end || (one.secure && !secure) || !path_matches(path, one.path)) continue;
    if (one.for_domain ? domain_matches(host, one.domain) : iequals(host, one.domain))
      matching[count++] = &one;
  }
  std::stable_sort(matching.begin(), matching.begin() + static_cast<std::ptrdiff_t>(count),
                   [](const auto* a, const auto* b) { return a->path.size() > b->path.size(); });
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) out += "; ";
    out.append(matching[i]->name).append("=").append(matching[i]->value);
  }
}

}  // namespace troupe::sim
