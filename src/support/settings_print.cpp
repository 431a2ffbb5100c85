#include "support/settings_print.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>

#include "support/parse.hpp"

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

}  // namespace

// No setting takes control characters, so quotes and backslashes are all there is to escape.
std::string toml_value(const Setting& setting, const Settings& settings) {
  auto text = setting.read(settings);
  if (setting.secret) text = without_password(text);
  const bool bare = setting.form == ValueForm::boolean || setting.form == ValueForm::decimal ||
                    (setting.form == ValueForm::number && parse_count(text).has_value());
  return bare ? text : toml_string(text);
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
