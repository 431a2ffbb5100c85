#pragma once

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/parse.hpp"
#include "support/settings.hpp"
#include "support/settings_table.hpp"
#include "support/suggest.hpp"
#include "support/units.hpp"

/// Rows of the table of settings by the kind of their value: how each is read, written and told of.
namespace troupe::setting_rows {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

/// Where a setting lives: a section of Settings and a member of that section.
template <class Section, class Value>
struct Field {
  Section Settings::*section;
  Value Section::*member;
  Value& of(Settings& settings) const { return settings.*section.*member; }
  const Value& of(const Settings& settings) const { return settings.*section.*member; }
};
template <class Section, class Value>  // clang-tidy's clang deduces none for an aggregate
Field(Section Settings::*, Value Section::*)->Field<Section, Value>;

template <class F>
using ValueOf = std::decay_t<decltype(std::declval<F>().of(std::declval<Settings&>()))>;

struct Names {
  std::string_view key, flag, help;
};

/// Both ends are allowed.
template <class T>
struct Range {
  T least, most;
  bool holds(T value) const { return least <= value && value <= most; }
};

inline bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return std::iscntrl(c) != 0; });
}

inline bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 255 && text.find(' ') == text.npos && !has_control_character(text);
}

inline bool is_path(std::string_view text) {
  return text.size() <= 4096 && !has_control_character(text);
}

// A finite end for every wait: a day is longer than any request, connection or shutdown should take.
constexpr Range<milliseconds> kTimeout{1ms, 24h};
constexpr Range<milliseconds> kOptionalTimeout{0ms, 24h};

template <class F>
Setting number(Names names, F field, Range<std::uint64_t> range) {
  return {names.key,
          names.flag,
          "N",
          names.help,
          "a whole number from " + std::to_string(range.least) + " to " + std::to_string(range.most),
          ValueForm::number,
          false,
          [=](Settings& settings, std::string_view text) {
            const auto value = parse_count(text);
            if (!value || !range.holds(*value)) return false;
            field.of(settings) = static_cast<ValueOf<F>>(*value);
            return true;
          },
          [=](const Settings& settings) { return std::to_string(field.of(settings)); }};
}

/// A number that need not be whole.
template <class F>
Setting decimal(Names names, F field, Range<double> range) {
  return {names.key,
          names.flag,
          "N",
          names.help,
          "a number from " + shortest_number(range.least) + " to " + shortest_number(range.most),
          ValueForm::decimal,
          false,
          [=](Settings& settings, std::string_view text) {
            const auto value = parse_number(text);
            if (!value || !range.holds(*value)) return false;
            field.of(settings) = *value;
            return true;
          },
          [=](const Settings& settings) { return shortest_number(field.of(settings)); }};
}

/// A number with a word for "you choose", which Settings holds as 0.
template <class F>
Setting number_or(std::string_view word, Names names, F field, Range<std::uint64_t> range) {
  auto row = number(names, field, range);
  row.value = word == "auto" ? "auto|N" : "per-connection|N";
  row.allowed = "\"" + std::string(word) + "\" or " + row.allowed;
  row.write = [=, write_number = row.write](Settings& settings, std::string_view text) {
    if (text != word) return write_number(settings, text);
    field.of(settings) = 0;
    return true;
  };
  row.read = [=](const Settings& settings) {
    return field.of(settings) == 0 ? std::string(word) : std::to_string(field.of(settings));
  };
  return row;
}

template <class F>
Setting size(Names names, F field, Range<std::uint64_t> range) {
  return {names.key,
          names.flag,
          "SIZE",
          names.help,
          "a size from " + format_size(range.least) + " to " + format_size(range.most) + ", like \"16KiB\"",
          ValueForm::size,
          false,
          [=](Settings& settings, std::string_view text) {
            const auto bytes = parse_size(text);
            if (!bytes || !range.holds(*bytes)) return false;
            field.of(settings) = *bytes;
            return true;
          },
          [=](const Settings& settings) { return format_size(field.of(settings)); }};
}

template <class F>
Setting duration(Names names, F field, Range<milliseconds> range) {
  return {names.key,
          names.flag,
          "DURATION",
          names.help,
          "a duration from " + format_duration(range.least) + " to " + format_duration(range.most) +
              ", like \"250ms\", \"10s\" or \"1m\"",
          ValueForm::duration,
          false,
          [=](Settings& settings, std::string_view text) {
            const auto value = parse_duration(text);
            if (!value) return false;
            const auto whole = std::chrono::floor<milliseconds>(*value);
            if (whole != *value || !range.holds(whole)) return false;
            field.of(settings) = whole;
            return true;
          },
          [=](const Settings& settings) { return format_duration(field.of(settings)); }};
}

template <class F>
Setting boolean(Names names, F field) {
  return {names.key,
          names.flag,
          "",
          names.help,
          "true or false",
          ValueForm::boolean,
          false,
          [=](Settings& settings, std::string_view text) {
            if (text != "true" && text != "false") return false;
            field.of(settings) = text == "true";
            return true;
          },
          [=](const Settings& settings) { return std::string(field.of(settings) ? "true" : "false"); }};
}

/// One of a few words, each standing for a value of the field.
template <class F, class Choice = std::pair<std::string_view, ValueOf<F>>>
Setting choice(Names names, std::string_view value_name, F field, std::vector<Choice> choices) {
  std::vector<std::string_view> words;
  for (const auto& [word, value] : choices) words.push_back(word);
  return {names.key,
          names.flag,
          value_name,
          names.help,
          list_words(words),
          ValueForm::text,
          false,
          [=](Settings& settings, std::string_view text) {
            const auto found = std::ranges::find(choices, text, &Choice::first);
            if (found == choices.end()) return false;
            field.of(settings) = found->second;
            return true;
          },
          [=](const Settings& settings) {
            const auto found = std::ranges::find(choices, field.of(settings), &Choice::second);
            return found == choices.end() ? std::string() : std::string(found->first);
          },
          words};
}

template <class F>
Setting text(Names names, std::string_view value_name, std::string allowed, F field,
             bool (*is_allowed)(std::string_view)) {
  return {names.key,
          names.flag,
          value_name,
          names.help,
          std::move(allowed),
          ValueForm::text,
          false,
          [=](Settings& settings, std::string_view text) {
            if (!is_allowed(text)) return false;
            field.of(settings) = text;
            return true;
          },
          [=](const Settings& settings) { return field.of(settings); }};
}

}  // namespace troupe::setting_rows
