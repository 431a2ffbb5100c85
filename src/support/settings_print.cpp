#include "support/settings_print.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>

#include "support/parse.hpp"
#include "support/settings_table.hpp"

namespace troupe {
namespace {

constexpr std::size_t comment_column = 40;

/// A TOML basic string.
std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

/// The value as TOML writes it; no setting takes control characters, so quotes and backslashes are all there
/// is to escape.
std::string toml_value(const Setting& setting, const Settings& settings) {
  auto text = setting.read(settings);
  if (setting.secret) text = without_password(text);
  const bool bare = setting.form == ValueForm::boolean ||
                    (setting.form == ValueForm::number && parse_count(text).has_value());
  return bare ? text : toml_string(text);
}

/// Drops "password=…" and "sslpassword=…" of "?a=b&c=d".
std::string without_secret_parameters(std::string_view query) {
  std::string kept;
  for (std::size_t begin = 1; begin <= query.size();) {
    const auto end = std::min(query.find('&', begin), query.size());
    const auto parameter = query.substr(begin, end - begin);
    const auto name = parameter.substr(0, parameter.find('='));
    if (name != "password" && name != "sslpassword" && !parameter.empty()) {
      kept += kept.empty() ? '?' : '&';
      kept += parameter;
    }
    begin = end + 1;
  }
  return kept;
}

}  // namespace

std::string without_password(std::string_view url) {
  const auto scheme_end = url.find("://");
  if (scheme_end == url.npos) return std::string(url);
  const auto start = scheme_end + 3;
  const auto last_at_before = [&](char end) {
    const auto limit = std::min(url.find(end, start), url.size());
    const auto at = url.substr(0, limit).rfind('@');
    return at == url.npos ? 0 : at;
  };
  // libpq ends the password at the first '@' and lets it hold a '?'. Cut up to the last '@' that could belong
  // to it: a wrongly written URL must not show its password either.
  const auto at = std::max(last_at_before('/'), last_at_before('?'));
  const auto colon = url.find(':', start);
  std::string shown(url.substr(0, start));
  std::string_view rest = url.substr(start);
  if (at >= start) {
    shown += url.substr(start, std::min(colon, at) - start);
    rest = url.substr(at);
  }
  const auto question = std::min(rest.find('?'), rest.size());
  shown += rest.substr(0, question);
  return shown + without_secret_parameters(rest.substr(question));
}

std::string print_settings(const LoadedSettings& loaded) {
  std::string out;
  std::string_view section;
  for (const auto& setting : settings_table()) {
    const auto dot = setting.key.find('.');
    if (setting.key.substr(0, dot) != section) {
      if (!section.empty()) out += '\n';
      section = setting.key.substr(0, dot);
      out.append("[").append(section).append("]\n");
    }
    auto line = std::string(setting.key.substr(dot + 1)) + " = " + toml_value(setting, loaded.settings);
    line.resize(std::max(line.size() + 1, comment_column), ' ');
    out += line + " # " + loaded.origins.at(std::string(setting.key)).text + "\n";
  }
  return out;
}

}  // namespace troupe
