#include "sim/import/scalar_sample.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

namespace troupe::sim {
namespace {

namespace json = boost::json;

constexpr double most_whole = 1e15;  // a double has them all up to there
constexpr double smallest_step = 1e-9;
constexpr std::size_t longest_text = 1'000;
constexpr std::size_t longest_plain_name = 40;
constexpr std::string_view number_call = "{random_int(1,1000000)}";
constexpr std::size_t number_digits = 7;  // what it can become

/// Formats of RFC 3339 and its like (OpenAPI's registry), and a value of each.
constexpr std::array formats{
    std::pair<std::string_view, std::string_view>{"uuid", "{uuid}"},
    std::pair<std::string_view, std::string_view>{"date-time", "{now}"},
    std::pair<std::string_view, std::string_view>{"date", "2026-01-15"},
    std::pair<std::string_view, std::string_view>{"time", "12:00:00Z"},
    std::pair<std::string_view, std::string_view>{"duration", "PT1H"},
    std::pair<std::string_view, std::string_view>{"email", "user{random_int(1,1000000)}@example.org"},
    std::pair<std::string_view, std::string_view>{"uri", "https://example.org/{uuid}"},
    std::pair<std::string_view, std::string_view>{"url", "https://example.org/{uuid}"},
    std::pair<std::string_view, std::string_view>{"hostname", "host.example.org"},
    std::pair<std::string_view, std::string_view>{"ipv4", "192.0.2.1"},
    std::pair<std::string_view, std::string_view>{"ipv6", "2001:db8::1"},
    std::pair<std::string_view, std::string_view>{"byte", "dGV4dA=="},
};

std::optional<double> number_of(const json::value* value) {
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const auto number = value->to_number<double>();
  return std::clamp(number, -most_whole, most_whole);
}

std::optional<std::size_t> length_of(const json::value* value) {
  const auto number = number_of(value);
  if (!number || *number < 0) return std::nullopt;
  return static_cast<std::size_t>(*number);
}

/// A name without what would need care anywhere.
std::string plain_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (plain && out.size() < longest_plain_name) out += c;
  }
  return out.empty() ? "text" : out;
}

/// The lower bound, and what 3.0 (a truth value beside it) and 3.1 (a number) say of it being excluded; the
/// same for the upper one.
std::optional<double> bound(const SchemaParts& schema, std::string_view key, std::string_view exclusive,
                            double step) {
  auto limit = number_of(schema.find(key));
  const auto* excluded = schema.find(exclusive);
  if (const auto number = number_of(excluded)) {
    const double inside = *number + step;
    limit = !limit || (step > 0 ? inside > *limit : inside < *limit) ? inside : *limit;
  } else if (limit && is_true(excluded)) {
    *limit += step;
  }
  return limit;
}

}  // namespace

SampleText string_sample(const SchemaParts& schema, std::string_view name) {
  const auto format = as_text(schema.find("format"));
  const auto known = std::ranges::find(formats, format, [](const auto& one) { return one.first; });
  if (known != formats.end()) return {std::string(known->second), true};
  const auto least = std::min(length_of(schema.find("minLength")).value_or(0), longest_text);
  const auto most = length_of(schema.find("maxLength")).value_or(longest_text);
  auto text = plain_name(name);
  if (text.size() + 1 + number_digits > most || as_text(schema.find("pattern")).size() > 0) {
    text.resize(std::min(text.size(), most));
    if (text.size() < least) text.resize(least, 'x');
    return {std::move(text), true};
  }
  if (text.size() + 2 < least) text.resize(std::min(least - 2, most - 1 - number_digits), 'x');
  return {fmt::format("{}-{}", text, number_call), true};
}

SampleText number_sample(const SchemaParts& schema) {
  constexpr double span = 99;
  auto low = bound(schema, "minimum", "exclusiveMinimum", 1);
  auto high = bound(schema, "maximum", "exclusiveMaximum", -1);
  if (!low) low = high && *high < 1 ? *high - span : 1;
  if (!high) high = *low + span;
  const auto step = number_of(schema.find("multipleOf")).value_or(1);
  const bool any_whole = step < smallest_step || (step <= 1 && std::fmod(1 / step, 1) < smallest_step);
  const auto first = static_cast<std::int64_t>(std::ceil(*low));
  const auto last = static_cast<std::int64_t>(std::floor(*high));
  if (!any_whole) return {fmt::format("{}", std::ceil(*low / step) * step), true};
  if (first > last) return {fmt::format("{}", (*low + *high) / 2), true};  // none is whole in between
  if (first == last) return {fmt::format("{}", first), true};
  return {fmt::format("{{random_int({},{})}}", first, last), true};
}

}  // namespace troupe::sim
