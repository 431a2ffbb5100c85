#include "sim/transport/fetch.hpp"

#include <boost/url/parse.hpp>
#include <string>

namespace troupe::sim {
namespace {

constexpr std::string_view unix_begin = "unix:";

/// A URL in two: the server as read_target takes it, and what it is asked for.
struct AskedUrl {
  std::string server, path;
};

Result<AskedUrl> split_url(std::string_view text) {
  if (text.starts_with(unix_begin)) {
    const auto path = text.find(':', unix_begin.size());
    if (path == std::string_view::npos) return AskedUrl{std::string(text), "/"};
    return AskedUrl{std::string(text.substr(0, path)), std::string(text.substr(path + 1))};
  }
  const auto url = boost::urls::parse_uri(text);
  const auto scheme = url ? url->scheme_id() : boost::urls::scheme::unknown;
  const bool http = scheme == boost::urls::scheme::http || scheme == boost::urls::scheme::https;
  if (!http || url->host().empty() || url->has_fragment())
    return invalid("is no URL to ask: write http://HOST:PORT/PATH");
  if (url->has_userinfo()) return invalid("must not hold a user or a password");
  AskedUrl out{std::string(url->scheme()) + "://" + std::string(url->encoded_host_and_port()),
               std::string(url->encoded_target())};
  if (!out.path.starts_with('/')) out.path.insert(0, 1, '/');
  return out;
}

}  // namespace

Result<void> check_url(std::string_view url) {
  const auto asked = split_url(url);
  if (!asked) return asked.error();
  return {};
}

Result<ProbeAnswer> fetch(std::string_view url, const FetchOptions& options) {
  const auto asked = split_url(url);
  if (!asked) return asked.error();
  const auto target = read_target(asked->server, options.client);
  if (!target) return target.error();
  auto answer = probe(target->origin, get_text(asked->path, "\r\nHost: " + target->authority),
                      options.timeout, options.give_up, options.most_body);
  if (!answer)
    return Error{ErrorCode::unavailable, "cannot reach " + asked->server + ": " + answer.error().message};
  return answer;
}

}  // namespace troupe::sim
