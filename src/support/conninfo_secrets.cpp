#include "support/conninfo_secrets.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "support/characters.hpp"

namespace troupe {
namespace {

using Text = std::string_view;

/// Parameters of libpq 13 to 17 whose values are no secret. One that is not known here may be a misspelt
/// password.
constexpr std::array harmless{"application_name",
                              "channel_binding",
                              "client_encoding",
                              "connect_timeout",
                              "dbname",
                              "fallback_application_name",
                              "gssdelegation",
                              "gssencmode",
                              "gsslib",
                              "host",
                              "hostaddr",
                              "keepalives",
                              "keepalives_count",
                              "keepalives_idle",
                              "keepalives_interval",
                              "krbsrvname",
                              "load_balance_hosts",
                              "max_protocol_version",
                              "min_protocol_version",
                              "options",
                              "passfile",
                              "port",
                              "replication",
                              "require_auth",
                              "requirepeer",
                              "requiressl",
                              "service",
                              "ssl",
                              "ssl_max_protocol_version",
                              "ssl_min_protocol_version",
                              "sslcert",
                              "sslcertmode",
                              "sslcompression",
                              "sslcrl",
                              "sslcrldir",
                              "sslkey",
                              "sslmode",
                              "sslnegotiation",
                              "sslrootcert",
                              "sslsni",
                              "target_session_attrs",
                              "tcp_user_timeout",
                              "user"};

constexpr Text advice = " (a '/', '?', ':' or '@' in a password must be written as %2F, %3F, %3A or %40)";

/// Nothing when libpq would refuse a %XX, and quote what it stands in.
std::optional<std::string> decoded_value(Text text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const auto high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
    if (!high || !low || (*high == 0 && *low == 0)) return std::nullopt;
    decoded += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return decoded;
}

// As far as can be seen without understanding it.
bool may_hold_password(Text conninfo) {
  std::string lower = decoded_value(conninfo).value_or("pass");
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower.find("pass") != lower.npos || lower.find("pw") != lower.npos || lower.find('@') != lower.npos;
}

/// Calls `each` for the parts of `text` between separators until it says false, and returns the last answer.
template <class Each>
bool all_parts(Text text, char separator, const Each& each) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(separator, begin), text.size());
    if (!each(text.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return true;
}

bool is_harmless(Text parameter) {
  const auto equals = parameter.find('=');
  const auto name = decoded_value(parameter.substr(0, equals));
  const auto value = equals == parameter.npos ? Text{} : parameter.substr(equals + 1);
  return name && std::ranges::find(harmless, *name) != harmless.end() &&
         value.find('=') == value.npos;  // "user=u password=x"
}

/// Those of "?a=b&c=d" that `keep` says yes to.
template <class Keep>
std::string parameters_of(Text query, const Keep& keep) {
  std::string kept;
  if (query.empty()) return kept;
  all_parts(query.substr(1), '&', [&](Text parameter) {
    if (keep(parameter)) kept += (kept.empty() ? "?" : "&") + std::string(parameter);
    return true;
  });
  return kept;
}

bool is_url_host(Text host) {
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    if (end == host.npos || end == 1) return false;
    host.remove_prefix(end + 1);
    if (!host.empty() && host[0] != ':') return false;
  }
  const auto colon = host.find(':');
  const auto port = colon == host.npos ? Text{} : host.substr(colon + 1);
  return host.find_first_of("[]\"@ ") == host.npos && port.find_first_not_of("0123456789") == port.npos;
}

// A password that goes on behind a '&' looks like parameters: then each must be one that is known.
bool are_parameters(Text query) {
  if (query.empty()) return true;
  const bool secret = may_hold_password(query);
  return all_parts(query.substr(1), '&', [&](Text parameter) {
    const auto value = parameter.substr(std::min(parameter.find('='), parameter.size()));
    if (value.find_first_of("=@\" #", 1) != value.npos) return false;
    const auto name = decoded_value(parameter.substr(0, parameter.find('=')));
    return parameter.empty() ||
           (name && !value.empty() &&
            (!secret || *name == "password" || *name == "sslpassword" || is_harmless(parameter)));
  });
}

/// The parts of a URL behind its "://".
struct Url {
  Text user;  ///< and password, without the '@'
  Text hosts, path, query;
};

/// The parts, if libpq finds the same ones as a reader does: every delimiter that stands in it is one.
std::optional<Url> plain(Text rest) {
  if (!decoded_value(rest)) return std::nullopt;
  Url url;
  url.hosts = rest.substr(0, rest.find_first_of("/?"));
  rest.remove_prefix(url.hosts.size());
  url.path = rest.substr(0, rest.find('?'));
  url.query = rest.substr(url.path.size());
  if (const auto at = url.hosts.find('@'); at != url.hosts.npos) {
    url.user = url.hosts.substr(0, at);
    url.hosts.remove_prefix(at + 1);
  }
  const bool fits = url.path.find_first_of("@:&=\" #") == url.path.npos && are_parameters(url.query) &&
                    all_parts(url.hosts, ',', is_url_host);
  return fits ? std::optional(url) : std::nullopt;
}

/// What can be shown of a URL that is read one way by libpq and another way by people.
std::string shown_of_unclear(Text rest) {
  const auto question = std::min(rest.find('?'), rest.size());
  const auto colon = rest.find(':'), at = rest.rfind('@');
  std::string shown;
  if (colon < question) {
    shown = rest.substr(0, std::min(rest.find('@'), colon));
    // The '@' that ends the password is not there, or may belong to a parameter.
    const bool ends = at != rest.npos && at > colon;
    if (!ends || (at > question && rest.substr(question, at - question).find('=') != rest.npos)) return shown;
    rest = rest.substr(at);
  }
  const auto place = rest.substr(0, rest.find('?'));
  shown += place.substr(0, place.find_first_of("&;=\" #"));
  return shown + parameters_of(rest.substr(place.size()), is_harmless);
}

/// A URL of the web, --target's for one: a path may hold any delimiter.
std::string shown_of_web(Text rest) {
  const auto authority = rest.substr(0, rest.find_first_of("/?#"));
  const auto at = authority.rfind('@');
  std::string shown;
  if (at != authority.npos) shown = authority.substr(0, std::min(authority.find(':'), at));
  rest = rest.substr(at == authority.npos ? 0 : at);
  const auto question = std::min(rest.find('?'), rest.size());
  shown += rest.substr(0, question);
  return shown + parameters_of(rest.substr(question), [](Text parameter) {
           return !may_hold_password(parameter.substr(0, parameter.find('=')));
         });
}

/// "host=h password=x": nothing of what follows is certain not to be a piece of the password.
std::string shown_of_keywords(Text text) {
  constexpr Text keyword = "password";
  const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  const auto found = std::search(text.begin(), text.end(), keyword.begin(), keyword.end(), same);
  const auto equals = text.find('=', static_cast<std::size_t>(found - text.begin()));
  if (found == text.end() || equals == text.npos) return std::string(text);
  return std::string(text.substr(0, equals + 1)) + "...";
}

// What libpq quotes, and the port, which it does not quote.
std::string without_quoted(Text message) {
  std::string shown;
  bool quoted = false;
  for (const char c : message) {
    if (c == '"') {
      quoted = !quoted;
      if (quoted) shown += "\"...";
    }
    if (!quoted) shown += c;
  }
  constexpr Text port = "port ";
  for (auto at = shown.find(port); at != shown.npos; at = shown.find(port, at + 1)) {
    const auto begin = at + port.size();
    const auto end = std::min(shown.find_first_not_of("0123456789", begin), shown.size());
    if (end > begin) shown.replace(begin, end - begin, "...");
  }
  return shown;
}

bool is_conninfo_url(Text text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

}  // namespace

std::string without_password(Text url) {
  const auto scheme_end = url.find("://");
  if (scheme_end == url.npos) return shown_of_keywords(url);
  const auto scheme = std::string(url.substr(0, scheme_end + 3));
  const auto rest = url.substr(scheme.size());
  if (scheme.ends_with("http://") || scheme.ends_with("https://")) return scheme + shown_of_web(rest);
  const auto parts = plain(rest);
  if (!parts) return scheme + shown_of_unclear(rest);
  std::string shown(parts->user.substr(0, parts->user.find(':')));
  if (parts->user.data() != nullptr) shown += '@';
  return scheme + shown + std::string(parts->hosts) + std::string(parts->path) +
         parameters_of(parts->query, is_harmless);
}

std::string without_secrets(Text message, Text conninfo, bool malformed) {
  const bool unclear =
      is_conninfo_url(conninfo) && !plain(conninfo.substr(conninfo.find("://") + 3)).has_value();
  if (!unclear && !(malformed && may_hold_password(conninfo))) return std::string(message);
  // A quotation mark of the password's own would turn inside and outside round.
  if (conninfo.find('"') != conninfo.npos || conninfo.find("%22") != conninfo.npos)
    return std::string(message.substr(0, message.find('"'))) + "...";
  return without_quoted(message) + (unclear ? std::string(advice) : "");
}

}  // namespace troupe
