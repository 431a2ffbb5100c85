#include "sim/import/draft_names.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstddef>

#include "sim/scenario/text_template.hpp"
#include "support/text_width.hpp"

namespace troupe::sim {
namespace {

constexpr std::size_t longest_name = 40;
constexpr std::size_t widest_told_name = 60;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Only its letters, digits and _, which may be none.
std::string as_name(std::string_view wish) {
  std::string name;
  for (const char c : wish.substr(0, longest_name)) {
    const bool fits = is_letter(c) || (c >= '0' && c <= '9');
    if (fits || (!name.empty() && name.back() != '_')) name += fits ? c : '_';
  }
  while (name.ends_with('_')) name.pop_back();
  if (name.empty()) return "value";
  return is_letter(name[0]) ? name : "value_" + name;
}

/// The brace at `at` is one behind which a name may begin.
bool opens_name(std::string_view text, std::size_t at) {
  return text[at] == '{' && at + 1 < text.size() && is_letter(text[at + 1]);
}

}  // namespace

std::string DraftNames::take(std::string_view wish) {
  auto base = as_name(wish);
  if (base == "id" || base == "random_int" || is_made_name(base)) base += "_value";
  auto name = base;
  for (auto& number = last_number_[base]; !taken_.insert(name).second;)
    name = fmt::format("{}_{}", base, ++number + 1);
  return name;
}

std::string DraftNames::fill_in(std::string_view wish, std::string_view what) {
  auto known = fill_ins_.find(wish);
  if (known == fill_ins_.end()) {
    known = fill_ins_.emplace(wish, take(wish)).first;
    draft_.fill_ins.push_back({known->second, std::string(what)});
  }
  return fmt::format("{{{}}}", known->second);
}

std::string DraftNames::literal(std::string_view text, DraftTask& task) {
  if (!has_placeholder(text)) return std::string(text);
  return one_of("text", {std::string(text)}, task);
}

std::string DraftNames::one_of(std::string_view wish, std::vector<std::string> values, DraftTask& task) {
  auto name = as_name(wish);
  const bool is_here = std::ranges::find(task.parameters, name, &DraftPair::name) != task.parameters.end();
  if (is_here || !parameters_.contains(name)) name = take(wish);
  parameters_.insert(name);
  auto text = fmt::format("{{{}}}", name);
  task.parameters.push_back({std::move(name), std::move(values)});
  return text;
}

std::string cut_name(std::string_view name) {
  return cut_to_width(one_line(name), widest_told_name);
}

std::string id_name(std::string_view collection) {
  std::string name(collection.substr(collection.rfind('/') + 1));
  if (name.ends_with("ies")) {
    name.replace(name.size() - 3, 3, "y");
  } else if (name.size() > 1 && name.ends_with('s') && !name.ends_with("ss")) {
    name.pop_back();
  }
  return name.empty() ? "row_id" : name + "_id";
}

bool has_placeholder(std::string_view text) {
  for (auto at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    if (opens_name(text, at)) return true;
  }
  return false;
}

std::string json_literal(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (opens_name(json, i)) {  // JSON's own braces are followed by a quote, a blank or a brace
      out += "\\u007b";
    } else {
      out += json[i];
    }
  }
  return out;
}

}  // namespace troupe::sim
