#include "support/settings_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "support/parse.hpp"
#include "support/settings_table.hpp"
#include "support/suggest.hpp"
#include "support/text_width.hpp"
#include "support/units.hpp"

namespace troupe {
namespace {

std::string_view section_of(std::string_view key) {
  return key.substr(0, key.find('.'));
}

Error at(const ConfigFile& file, const toml::source_region& source, std::string message) {
  return {ErrorCode::invalid_argument,
          file.path + ":" + std::to_string(source.begin.line) + ": " + std::move(message)};
}

std::vector<std::string_view> sections() {
  std::vector<std::string_view> names;
  for (const auto& setting : settings_table()) {
    if (names.empty() || names.back() != section_of(setting.key)) names.push_back(section_of(setting.key));
  }
  return names;
}

/// The key that ends in `name` in any table: right name, wrong table is a slip that no spelling distance
/// finds.
std::string_view key_named(std::string_view name) {
  for (const auto& setting : settings_table()) {
    if (setting.key.substr(setting.key.find('.') + 1) == name) return setting.key;
  }
  return {};
}

std::string unknown_section(std::string_view name) {
  const auto known = sections();
  if (const auto key = key_named(name); !key.empty()) {
    return "unknown key " + std::string(name) + " outside a table; did you mean " + std::string(key) + "?";
  }
  auto message = "unknown table [" + std::string(name) + "]; ";
  if (const auto near = nearest(name, known); !near.empty())
    return message + "did you mean [" + std::string(near) + "]?";
  return message + "it must be " + list_words(known);
}

std::string unknown_key(std::string_view section, std::string_view name) {
  std::vector<std::string_view> keys, names;
  for (const auto& setting : settings_table()) {
    if (section_of(setting.key) == section) {
      keys.push_back(setting.key);
      names.push_back(setting.key.substr(section.size() + 1));
    }
  }
  auto message = "unknown key " + std::string(section) + "." + std::string(name) + "; ";
  if (const auto near = nearest(name, names); !near.empty())
    return message + "did you mean " + std::string(near) + "?";
  if (const auto elsewhere = key_named(name); !elsewhere.empty())
    return message + "did you mean " + std::string(elsewhere) + "?";
  return message + "[" + std::string(section) + "] takes " + list_words(names);
}

/// The value as a flag would take it, when its TOML type fits the setting.
std::optional<std::string> text_of(const toml::node& node, ValueForm form) {
  if (const auto* boolean = node.as_boolean()) {
    if (form == ValueForm::boolean) return boolean->get() ? "true" : "false";
  } else if (const auto* integer = node.as_integer()) {
    if (form == ValueForm::number || form == ValueForm::decimal || form == ValueForm::size)
      return std::to_string(integer->get());
  } else if (const auto* real = node.as_floating_point()) {
    if (form == ValueForm::decimal) return shortest_number(real->get());
  } else if (const auto* string = node.as_string()) {
    // A number in quotes is a slip; the words beside numbers ("auto") are not.
    const bool is_number = form == ValueForm::number || form == ValueForm::decimal;
    const bool quoted_number = is_number && parse_number(string->get()).has_value();
    if (form != ValueForm::boolean && !quoted_number) return string->get();
  }
  return std::nullopt;
}

std::string describe(const toml::node& node) {
  std::ostringstream out;
  out << "the " << node.type();
  if (node.is_value()) node.visit([&](const auto& value) { out << ' ' << value; });
  return out.str();
}

Result<FileValue> read_value(const ConfigFile& file, std::string_view section, std::string_view name,
                             const toml::node& node) {
  const auto key = std::string(section) + "." + std::string(name);
  const auto* setting = find_setting(key);
  if (setting == nullptr) return at(file, node.source(), unknown_key(section, name));
  auto text = text_of(node, setting->form);
  if (!text) {
    return at(file, node.source(), key + " must be " + setting->allowed + ", not " + describe(node));
  }
  return FileValue{key, *std::move(text), node.source().begin.line};
}

Result<toml::table> parse_toml(const ConfigFile& file) {
  try {
    return toml::parse(file.text);
  } catch (const toml::parse_error& error) {  // toml++'s shared library reports by exceptions only
    return at(file, error.source(), "not valid TOML: " + one_line(error.description()));
  }
}

}  // namespace

Result<std::vector<FileValue>> parse_config(const ConfigFile& file) {
  const auto parsed = parse_toml(file);
  if (!parsed) return parsed.error();
  std::vector<FileValue> values;
  for (const auto& [section_key, section] : *parsed) {
    const auto known = sections();
    if (std::ranges::find(known, section_key.str()) == known.end()) {
      return at(file, section_key.source(), unknown_section(section_key.str()));
    }
    if (!section.is_table()) {
      return at(
          file, section_key.source(),
          std::string(section_key.str()) + " must be a table: [" + std::string(section_key.str()) + "]");
    }
    for (const auto& [key, node] : *section.as_table()) {
      auto value = read_value(file, section_key.str(), key.str(), node);
      if (!value) return value.error();
      values.push_back(*std::move(value));
    }
  }
  return values;
}

}  // namespace troupe
