#include "sim/scenario/answer_reader.hpp"

#include <re2/re2.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <string_view>

#include "support/json_text.hpp"

namespace troupe::sim {
namespace {

constexpr std::string_view header_mark = "header:";
constexpr std::string_view pattern_mark = "regex:";

/// RFC 6901: empty, or each part behind a slash; ~ only as ~0 and ~1.
bool is_pointer(std::string_view text) {
  if (!text.empty() && !text.starts_with('/')) return false;
  for (auto at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1)) {
    if (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1')) return false;
  }
  return true;
}

void read_status(const TomlReader& reader, std::string_view key, const toml::array& codes, Checks& checks) {
  for (const auto& code : codes) {
    const auto value = code.value_exact<std::int64_t>().value_or(0);
    if (value < 100 || value > 599) reader.fail(key, "must be a list of numbers from 100 to 599");
    checks.status.push_back(static_cast<int>(value));
  }
}

/// A TOML value as JSON has it.
std::string json_of(const TomlReader& reader, const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return json_text(boost::json::value(*text));
  if (const auto number = node.value_exact<std::int64_t>()) return json_text(boost::json::value(*number));
  if (const auto real = node.value_exact<double>()) return json_text(boost::json::value(*real));
  if (const auto truth = node.value_exact<bool>()) return *truth ? "true" : "false";
  reader.fail(node, reader.name_of("json"), "must be a text, a number, true or false");
}

void read_check_table(const toml::table& table, const TomlReader& owner, Checks& checks) {
  for (const auto& [key, value] : table) {
    if (key == "status" || key == "header" || key == "json" || key == "text") continue;
    owner.fail(value, fmt::format("{}.{}", owner.name_of("checks"), key.str()),
               "unknown key (allowed: status, header, json, text)");
  }
  if (const auto* status = table.get("status")) {
    if (owner.has("status")) owner.fail("status", "is there twice: leave out checks.status");
    if (!status->is_array()) owner.fail(*status, owner.name_of("checks.status"), "must be an array");
    read_status(owner, "checks", *status->as_array(), checks);
  }
  if (const auto* text = table.get("text")) {
    if (owner.has("body_contains")) owner.fail("body_contains", "is the same as checks.text: leave out one");
    checks.body_contains = text->value_exact<std::string>().value_or("");
    if (checks.body_contains.empty())
      owner.fail(*text, owner.name_of("checks.text"), "must be a text in quotes");
  }
  if (const auto* fields = table.get("header")) {
    if (!fields->is_table()) owner.fail(*fields, owner.name_of("checks.header"), "must be a table");
    for (const auto& [name, part] : *fields->as_table()) {
      const auto text = part.value_exact<std::string>();
      if (!text) owner.fail(part, owner.name_of("checks.header"), "must be texts in quotes");
      checks.fields.push_back({std::string(name.str()), *text});
    }
  }
  if (const auto* values = table.get("json")) {
    if (!values->is_table()) owner.fail(*values, owner.name_of("checks.json"), "must be a table");
    for (const auto& [pointer, value] : *values->as_table()) {
      if (!is_pointer(pointer.str()))
        owner.fail(value, owner.name_of("checks.json"),
                   fmt::format("'{}' is no JSON Pointer, which begins with /", pointer.str()));
      checks.values.push_back({std::string(pointer.str()), json_of(owner, value)});
    }
  }
}

}  // namespace

void read_checks(const TomlReader& reader, Checks& checks) {
  checks.body_contains = reader.text("body_contains", "");
  if (const auto* codes = reader.array("status")) read_status(reader, "status", *codes, checks);
  if (const auto* table = reader.table("checks")) read_check_table(*table, reader, checks);
}

std::vector<Extraction> read_extractions(const TomlReader& reader, std::span<const std::string> variables) {
  std::vector<Extraction> out;
  const auto* table = reader.table("extract");
  if (table == nullptr) return out;
  for (const auto& entry : *table) {
    const auto name = entry.first.str();
    const toml::node& node = entry.second;
    const auto fail = [&](std::string_view message) {
      reader.fail(node, fmt::format("{}.{}", reader.name_of("extract"), name), message);
    };
    const auto text = node.value_exact<std::string>();
    if (!text) fail("must be a text in quotes");
    Extraction one;
    one.variable = static_cast<std::uint16_t>(std::ranges::find(variables, name) - variables.begin());
    one.what = *text;
    if (text->starts_with(header_mark)) {
      one.from = Extraction::From::header;
      one.what.erase(0, header_mark.size());
      if (one.what.empty()) fail("names no field: \"header:Location\"");
    } else if (text->starts_with(pattern_mark)) {
      one.from = Extraction::From::pattern;
      one.what.erase(0, pattern_mark.size());
      one.pattern = std::make_shared<const re2::RE2>(one.what, re2::RE2::Quiet);
      if (!one.pattern->ok()) fail(fmt::format("is no regular expression: {}", one.pattern->error()));
    } else if (*text != "body") {
      one.from = Extraction::From::json;
      if (one.what.empty() || !is_pointer(one.what))
        fail(fmt::format(
            "'{}' is none of \"/json/pointer\", \"header:NAME\", \"regex:EXPRESSION\" and \"body\"",
            one.what));
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace troupe::sim
