#include "http/api/openapi/names.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

namespace troupe::http {
namespace {

/// "order_items" becomes "OrderItems"; what is no ASCII letter or digit is left out.
std::string pascal_case(std::string_view name) {
  std::string text;
  bool begins_word = true;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && std::isalnum(byte) != 0) {
      text += begins_word ? static_cast<char>(std::toupper(byte)) : c;
      begins_word = false;
    } else {
      begins_word = true;
    }
  }
  return text.empty() ? "Row" : text;
}

std::string article_of(std::string_view word) {
  return std::string_view("aeiou").find(word.front()) != std::string_view::npos ? "an " : "a ";
}

std::vector<std::string> components_of(const std::string& name) {
  return {name, "New" + name, name + "Replacement", name + "Change"};
}

}  // namespace

std::vector<ResourceNames> names_of(std::span<const postgres::SharedResource> resources) {
  std::set<std::string> used{"Fault", "Problem"}, used_lists;
  std::vector<ResourceNames> all;
  for (const auto& served : resources) {
    const auto& resource = served->resource;
    const bool has_singular = !resource.singular.empty() && resource.singular != "row";
    const auto base = pascal_case(has_singular ? resource.singular : resource.name);
    const auto list_base = "list" + pascal_case(resource.name);
    auto component = base;
    const auto is_used = [&](const std::string& name) { return used.contains(name); };
    for (int n = 2; std::ranges::any_of(components_of(component), is_used); ++n)
      component = base + std::to_string(n);
    auto list = list_base;
    for (int n = 2; used_lists.contains(list); ++n) list = list_base + std::to_string(n);
    for (const auto& name : components_of(component)) used.insert(name);
    used_lists.insert(list);
    all.push_back(
        {component, list,
         has_singular ? article_of(resource.singular) + resource.singular : "a row of " + resource.name,
         has_singular ? resource.name : "rows of " + resource.name});
  }
  return all;
}

}  // namespace troupe::http
