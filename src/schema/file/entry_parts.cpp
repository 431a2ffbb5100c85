#include "schema/file/entry_parts.hpp"

#include <re2/re2.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <memory>

#include "schema/settle.hpp"

namespace troupe::schema {
namespace {

constexpr std::int64_t most_characters = 1 << 30;  // PostgreSQL's texts end at 1 GB

std::optional<std::string> number(const toml::table& table, const TomlReader& reader, std::string_view key) {
  if (!reader.has(key)) return std::nullopt;
  const double any = std::numeric_limits<double>::infinity();
  reader.number(key, -any, any);
  return digits_of(*table.get(key));
}

std::optional<std::size_t> length(const TomlReader& reader, std::string_view key) {
  if (!reader.has(key)) return std::nullopt;
  return static_cast<std::size_t>(reader.integer(key, 0, most_characters, 0));
}

}  // namespace

std::size_t line_of(const toml::node& node) {
  return node.source().begin.line;
}

std::size_t line_of(const toml::key& key) {
  return key.source().begin.line;
}

/// The members of a table in the order in which the file has them.
std::vector<std::pair<const toml::key*, const toml::node*>> in_order(const toml::table& table) {
  std::vector<std::pair<const toml::key*, const toml::node*>> members;
  for (const auto& [key, node] : table) members.emplace_back(&key, &node);
  std::ranges::stable_sort(members, {}, [](const auto& member) {
    const auto at = member.first->source().begin;
    return std::pair(at.line, at.column);
  });
  return members;
}

/// A number of a file as plain digits: to_chars knows the shortest that means the same.
std::string digits_of(const toml::node& node) {
  std::array<char, 400> digits{};  // of the largest double without an exponent, and its sign
  const auto end = node.is_integer()
                       ? std::to_chars(digits.begin(), digits.end(), node.as_integer()->get())
                       : std::to_chars(digits.begin(), digits.end(), node.as_floating_point()->get(),
                                       std::chars_format::fixed);
  return {digits.begin(), end.ptr};
}

bool read_flag(const toml::table& table, const TomlReader& reader, std::string_view key) {
  if (!reader.has(key)) return false;
  const auto value = table.get(key)->value_exact<bool>();
  if (!value) reader.fail(key, "must be true or false");
  return *value;
}

std::string read_path(const TomlReader& reader, std::string_view name) {
  if (!reader.has("path")) return path_of(name);
  const auto written = reader.text("path");
  std::string_view rest = written;
  if (rest.starts_with('/')) rest.remove_prefix(1);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  std::string path = "/";
  while (true) {
    const auto slash = rest.find('/');
    const auto segment = rest.substr(0, slash);
    // What path_of leaves as it is needs no encoding.
    if (segment.empty() || path_of(segment) != fmt::format("/{}/", segment))
      reader.fail("path",
                  fmt::format("\"{}\" must be one or more segments of letters, digits and -._~", written));
    path += std::string(segment) + "/";
    if (slash == std::string_view::npos) return path;
    rest.remove_prefix(slash + 1);
  }
}

std::optional<std::chrono::milliseconds> read_timeout(const TomlReader& reader) {
  if (!reader.has("timeout")) return std::nullopt;
  const auto timeout = std::chrono::ceil<std::chrono::milliseconds>(reader.duration("timeout"));
  if (timeout.count() <= 0) reader.fail("timeout", "must be more than 0");
  return timeout;
}

Rules read_rules(const toml::table& table, const TomlReader& reader) {
  Rules rules;
  rules.min = number(table, reader, "min");
  rules.max = number(table, reader, "max");
  if (rules.min && rules.max && table.get("min")->value<double>() > table.get("max")->value<double>())
    reader.fail("min", "must not be more than max");
  rules.min_length = length(reader, "min_length");
  rules.max_length = length(reader, "max_length");
  if (rules.min_length > rules.max_length.value_or(most_characters))
    reader.fail("min_length", "must not be more than max_length");
  if (!reader.has("pattern")) return rules;
  auto pattern = std::make_shared<const re2::RE2>(reader.text("pattern"), re2::RE2::Quiet);
  if (!pattern->ok()) reader.fail("pattern", pattern->error());
  rules.pattern = std::move(pattern);
  return rules;
}

}  // namespace troupe::schema
