#include "schema/file/apply_entry.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "schema/settle.hpp"
#include "support/suggest.hpp"

namespace troupe::schema {
namespace {

/// Carries an Error to the edge of this file: a hundred early returns would hide what is laid over what.
struct Refused {
  Error error;
};

/// A method's name and its place.
using NamedMethod = std::pair<std::string_view, bool Methods::*>;
constexpr std::array<NamedMethod, 6> named_methods{{{"list", &Methods::list},
                                                    {"read", &Methods::read},
                                                    {"create", &Methods::create},
                                                    {"replace", &Methods::replace},
                                                    {"change", &Methods::change},
                                                    {"remove", &Methods::remove}}};

class Overlay {
 public:
  Overlay(const ResourceEntry& entry, Resource resource, const std::string& file)
      : entry_(entry), resource_(std::move(resource)), file_(file) {}

  Resource apply() {
    resource_.name = entry_.name;
    resource_.path = entry_.path;
    resource_.singular = entry_.singular;
    resource_.lenient = entry_.lenient;
    resource_.require_match = entry_.require_match;
    resource_.timeout = entry_.timeout;
    resource_.max_limit = entry_.max_limit.value_or(resource_.max_limit);
    resource_.default_limit =
        entry_.default_limit.value_or(std::min(resource_.default_limit, resource_.max_limit));
    if (entry_.key) set_key();
    for (const auto& column : entry_.columns) set_column(column);
    for (const auto& name : entry_.read_only.names) withdraw(entry_.read_only, name, "read_only");
    hide();
    if (entry_.filters) resource_.filters = shown(*entry_.filters);
    if (entry_.orders) resource_.orders = shown(*entry_.orders);
    settle(resource_);
    if (entry_.methods) narrow_methods();
    return std::move(resource_);
  }

 private:
  [[noreturn]] void fail(std::size_t line, const std::string& what) const {
    throw Refused{entry_fault(file_, line, entry_, what)};
  }

  std::size_t place(std::string_view name, std::size_t line) const {
    if (const auto found = place_of(resource_, name)) return *found;
    std::vector<std::string_view> known;
    for (const auto& column : resource_.columns) known.push_back(column.name);
    const auto near = nearest(name, known);
    fail(line,
         fmt::format("there is no column \"{}\" in {}; it has {}{}", name, resource_.table,
                     fmt::join(known, ", "), near.empty() ? "" : fmt::format("; did you mean {}?", near)));
  }

  void set_key() {
    resource_.key.clear();
    for (const auto& name : entry_.key->names) {
      resource_.key.push_back(place(name, entry_.key->line));
      resource_.columns[resource_.key.back()].nullable = false;  // rows without it cannot be asked for
    }
  }

  void set_column(const ColumnEntry& said) {
    auto& column = resource_.columns[place(said.name, said.line)];
    const auto kind = column.type.kind;
    const bool number = kind == TypeKind::integer || kind == TypeKind::real || kind == TypeKind::numeric;
    const bool text = kind == TypeKind::text;
    const auto only_for = [&](bool is_said, bool fits, std::string_view rule, std::string_view what) {
      if (!is_said || fits) return;
      fail(said.line,
           fmt::format("{} is for {}, and column {} is {}", rule, what, said.name, column.type.declared));
    };
    only_for(said.rules.min.has_value(), number, "min", "numbers");
    only_for(said.rules.max.has_value(), number, "max", "numbers");
    only_for(said.rules.min_length.has_value(), text, "min_length", "texts");
    only_for(said.rules.max_length.has_value(), text, "max_length", "texts");
    only_for(said.rules.pattern != nullptr, text, "pattern", "texts");
    only_for(said.as_string, kind == TypeKind::integer || kind == TypeKind::numeric, "as = \"string\"",
             "integer and numeric columns");
    column.rules = said.rules;
    column.as_string = said.as_string;
  }

  /// New rows could never be made without it.
  void withdraw(const NameList& list, std::string_view name, std::string_view what) {
    auto& column = resource_.columns[place(name, list.line)];
    const bool creates = entry_.methods ? entry_.methods->create : resource_.methods.create;
    if (column.required() && creates)
      fail(list.line,
           fmt::format("{} cannot name {}: it is not null and has no default, so a new row needs it, "
                       "unless methods leaves out create",
                       what, name));
    column.writable = false;
  }

  void hide() {
    std::vector<std::string> key;
    for (const auto at : resource_.key) key.push_back(resource_.columns[at].name);
    for (const auto& name : entry_.hide.names) {
      if (std::ranges::find(key, name) != key.end())
        fail(entry_.hide.line, fmt::format("hide cannot name {}: it is of the key", name));
      withdraw(entry_.hide, name, "hide");
    }
    std::erase_if(resource_.columns, [&](const Column& column) {
      return std::ranges::find(entry_.hide.names, column.name) != entry_.hide.names.end();
    });
    resource_.key.clear();
    for (const auto& name : key) resource_.key.push_back(*place_of(resource_, name));
    if (resource_.columns.empty()) fail(entry_.hide.line, "no column is left to be shown");
  }

  std::vector<std::string> shown(const NameList& list) const {
    for (const auto& name : list.names) place(name, list.line);
    return list.names;
  }

  void narrow_methods() {
    std::vector<std::string_view> possible;
    for (const auto& [name, method] : named_methods) {
      if (resource_.methods.*method) possible.push_back(name);
    }
    for (const auto& [name, method] : named_methods) {
      if ((*entry_.methods).*method && !(resource_.methods.*method))
        fail(entry_.methods_line,
             fmt::format("methods cannot name {}: possible with {}{} is {}", name, resource_.table,
                         resource_.key.empty() ? ", which has no key," : "", list_words(possible)));
    }
    resource_.methods = *entry_.methods;
  }

  const ResourceEntry& entry_;
  Resource resource_;
  const std::string& file_;
};

}  // namespace

Error entry_fault(const std::string& file, std::size_t line, const ResourceEntry& entry,
                  const std::string& what) {
  const auto where = file.empty() ? "" : fmt::format("{}:{}: ", file, line);
  return {ErrorCode::invalid_argument, fmt::format("{}resource \"{}\": {}", where, entry.name, what)};
}

Result<Resource> apply(const ResourceEntry& entry, Resource from_catalogue, const std::string& file) {
  try {
    return Overlay(entry, std::move(from_catalogue), file).apply();
  } catch (const Refused& refused) {
    return refused.error;
  }
}

}  // namespace troupe::schema
