#include "sim/import/har_groups.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <set>

#include "support/url_text.hpp"

namespace troupe::sim {
namespace {

constexpr std::size_t shortest_random = 16;
constexpr std::ptrdiff_t fewest_mixed = 3;  // digits, and others

bool is_id(std::string_view text) {
  static const re2::RE2 forms(
      R"(\d{1,19}|(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{24}))");
  return re2::RE2::FullMatch({text.data(), text.size()}, forms);
}

/// A matrix parameter as ;jsessionid=… is one.
bool has_private_parameter(std::string_view segment) {
  for (auto at = segment.find(';'); at != std::string_view::npos; at = segment.find(';', at + 1)) {
    const auto rest = segment.substr(at + 1);
    const auto equals = rest.find('=');
    if (equals != std::string_view::npos && is_secret_name(rest.substr(0, equals))) return true;
  }
  return false;
}

HarSegment segment_of(std::string_view text, const SecretValues& secrets) {
  using Kind = HarSegment::Kind;
  HarSegment out{std::string(text)};
  const auto plain = percent_decoded(text);
  if (is_id(text)) {
    out.kind = Kind::id;
  } else if (secrets.has(plain) || has_private_parameter(plain) || looks_random(plain)) {
    out.kind = Kind::secret;
  }
  return out;
}

std::string group_key(const HarRequest& request, const std::vector<HarSegment>& segments) {
  auto key = request.method;
  for (const auto& [text, kind] : segments)
    key += kind == HarSegment::Kind::literal ? "/" + text
           : kind == HarSegment::Kind::id    ? "/{}"
                                             : "/{secret}";
  std::set<std::string_view> names;
  for (const auto& [name, value] : request.query) names.insert(name);
  for (const auto name : names) key += '?' + encode_segment(name);
  key += ' ' + std::to_string(static_cast<int>(request.body.kind)) + request.body.type;
  return key;
}

}  // namespace

std::vector<HarSegment> har_segments(std::string_view path, const SecretValues& secrets) {
  std::vector<HarSegment> out;
  path.remove_prefix(1);
  for (;;) {
    const auto end = std::min(path.find('/'), path.size());
    out.push_back(segment_of(path.substr(0, end), secrets));
    if (end == path.size()) return out;
    path.remove_prefix(end + 1);
  }
}

std::vector<HarGroup> group_requests(const std::vector<const HarRequest*>& requests,
                                     const SecretValues& secrets) {
  std::vector<HarGroup> groups;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    auto segments = har_segments(requests[i]->path, secrets);
    const auto [place, is_new] = places.emplace(group_key(*requests[i], segments), groups.size());
    if (is_new) groups.push_back({std::move(segments), {}, i + 1});
    groups[place->second].requests.push_back(requests[i]);
  }
  return groups;
}

bool looks_random(std::string_view text) {
  while (!text.empty()) {
    const auto word = text.substr(0, text.find_first_of("-_.~:"));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    const bool plain = std::ranges::all_of(word, [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
             c == '=';
    });
    const auto digits = std::ranges::count_if(word, [](char c) { return c >= '0' && c <= '9'; });
    const bool mixed = digits >= fewest_mixed && digits + fewest_mixed <= std::ssize(word);
    if (word.size() >= shortest_random && plain && mixed && !is_id(word)) return true;
  }
  return false;
}

}  // namespace troupe::sim
