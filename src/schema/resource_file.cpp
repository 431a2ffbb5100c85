#include "schema/resource_file.hpp"

#include <re2/re2.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

#include "schema/declared_table.hpp"
#include "schema/settle.hpp"
#include "schema/table_name.hpp"
#include "support/read_file.hpp"
#include "support/suggest.hpp"
#include "support/toml_reader.hpp"

namespace troupe::schema {
namespace {

constexpr std::int64_t max_rows_of_a_page = 1'000'000;
constexpr std::int64_t max_characters = 1 << 30;  // PostgreSQL's texts end at 1 GB

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

class EntryReader {
 public:
  EntryReader(const toml::key& key, const toml::table& table, const std::string& file)
      : file_(file),
        table_(table),
        reader_(table, "resource." + std::string(key.str()), file,
                {"table", "path", "methods", "hide", "read_only", "key", "timeout", "require_match", "create",
                 "singular", "columns", "list"}) {
    entry_.name = key.str();
    entry_.line = line_of(key);
  }

  ResourceEntry read() {
    entry_.table = reader_.text("table", entry_.name);
    if (const auto quoted = quote_table_name(entry_.table); !quoted)
      reader_.fail("table", quoted.error().message);
    entry_.create = flag(table_, reader_, "create");
    entry_.require_match = flag(table_, reader_, "require_match");
    entry_.singular = reader_.text("singular", entry_.singular);
    read_path();
    read_methods();
    if (auto hide = names(table_, reader_, "hide")) entry_.hide = *std::move(hide);
    if (auto read_only = names(table_, reader_, "read_only")) entry_.read_only = *std::move(read_only);
    entry_.key = names(table_, reader_, "key");
    if (entry_.key && entry_.key->names.empty()) reader_.fail("key", "must name a column");
    read_timeout();
    if (const auto* list = reader_.table("list")) read_list(*list);
    if (const auto* columns = reader_.table("columns")) {
      for (const auto& [key, node] : in_order(*columns)) entry_.columns.push_back(read_column(*key, *node));
    }
    if (entry_.create) check_declared();
    return std::move(entry_);
  }

 private:
  static bool flag(const toml::table& table, const TomlReader& reader, std::string_view key) {
    if (!reader.has(key)) return false;
    const auto value = table.get(key)->value_exact<bool>();
    if (!value) reader.fail(key, "must be true or false");
    return *value;
  }

  static std::optional<NameList> names(const toml::table& table, const TomlReader& reader,
                                       std::string_view key) {
    const auto* array = reader.array(key);
    if (array == nullptr) return std::nullopt;
    NameList list{{}, line_of(*table.get(key))};
    for (const auto& node : *array) {
      auto name = node.value_exact<std::string>();
      if (!name) reader.fail(node, reader.name_of(key), "must hold texts in quotes");
      if (std::ranges::find(list.names, *name) != list.names.end())
        reader.fail(node, reader.name_of(key), fmt::format("names {} twice", *name));
      list.names.push_back(*std::move(name));
    }
    return list;
  }

  void read_path() {
    if (!reader_.has("path")) {
      entry_.path = path_of(entry_.name);
      return;
    }
    std::string_view rest = entry_.path = reader_.text("path");
    if (rest.starts_with('/')) rest.remove_prefix(1);
    if (rest.ends_with('/')) rest.remove_suffix(1);
    std::string path = "/";
    while (true) {
      const auto slash = rest.find('/');
      const auto segment = rest.substr(0, slash);
      // What path_of leaves as it is needs no encoding.
      if (segment.empty() || path_of(segment) != fmt::format("/{}/", segment))
        reader_.fail("path", fmt::format("\"{}\" must be one or more segments of letters, digits and -._~",
                                         entry_.path));
      path += std::string(segment) + "/";
      if (slash == std::string_view::npos) break;
      rest.remove_prefix(slash + 1);
    }
    entry_.path = std::move(path);
  }

  void read_methods() {
    const auto list = names(table_, reader_, "methods");
    if (!list) return;
    Methods methods{false, false, false, false, false, false};
    const std::array<std::pair<std::string_view, bool*>, 6> known{{{"list", &methods.list},
                                                                   {"read", &methods.read},
                                                                   {"create", &methods.create},
                                                                   {"replace", &methods.replace},
                                                                   {"change", &methods.change},
                                                                   {"remove", &methods.remove}}};
    for (const auto& name : list->names) {
      const auto found = std::ranges::find(known, name, &std::pair<std::string_view, bool*>::first);
      if (found == known.end())
        reader_.fail("methods",
                     fmt::format("'{}' is not one of list, read, create, replace, change, remove", name));
      *found->second = true;
    }
    entry_.methods = methods;
    entry_.methods_line = list->line;
  }

  void read_timeout() {
    if (!reader_.has("timeout")) return;
    const auto timeout = std::chrono::ceil<std::chrono::milliseconds>(reader_.duration("timeout"));
    if (timeout.count() <= 0) reader_.fail("timeout", "must be more than 0");
    entry_.timeout = timeout;
  }

  void read_list(const toml::table& table) {
    const TomlReader reader(table, reader_.name_of("list"), file_,
                            {"filters", "orders", "default_limit", "max_limit"});
    entry_.filters = names(table, reader, "filters");
    entry_.orders = names(table, reader, "orders");
    if (reader.has("max_limit")) entry_.max_limit = reader.integer("max_limit", 1, max_rows_of_a_page, 0);
    if (reader.has("default_limit"))
      entry_.default_limit = reader.integer("default_limit", 1, max_rows_of_a_page, 0);
    const Resource otherwise;
    if (entry_.default_limit.value_or(0) > entry_.max_limit.value_or(otherwise.max_limit))
      reader.fail("default_limit", "must not be more than max_limit");
  }

  ColumnEntry read_column(const toml::key& key, const toml::node& node) {
    const auto name = reader_.name_of("columns") + "." + std::string(key.str());
    if (!node.is_table()) reader_.fail(node, name, "must be a table");
    const auto& table = *node.as_table();
    const TomlReader reader(table, name, file_,
                            {"min", "max", "min_length", "max_length", "pattern", "as", "type", "identity",
                             "not_null", "default", "unique", "key"});
    ColumnEntry column{std::string(key.str()), line_of(key)};
    column.rules.min = number(table, reader, "min");
    column.rules.max = number(table, reader, "max");
    if (column.rules.min && column.rules.max &&
        table.get("min")->value<double>() > table.get("max")->value<double>())
      reader.fail("min", "must not be more than max");
    column.rules.min_length = length(reader, "min_length");
    column.rules.max_length = length(reader, "max_length");
    if (column.rules.min_length > column.rules.max_length.value_or(max_characters))
      reader.fail("min_length", "must not be more than max_length");
    read_pattern(reader, column);
    if (reader.has("as")) {
      reader.choice("as", {"string"});
      column.as_string = true;
    }
    read_declaration(table, reader, column);
    return column;
  }

  static std::optional<std::string> number(const toml::table& table, const TomlReader& reader,
                                           std::string_view key) {
    if (!reader.has(key)) return std::nullopt;
    const double any = std::numeric_limits<double>::infinity();
    reader.number(key, -any, any);
    return digits_of(*table.get(key));
  }

  static std::optional<std::size_t> length(const TomlReader& reader, std::string_view key) {
    if (!reader.has(key)) return std::nullopt;
    return static_cast<std::size_t>(reader.integer(key, 0, max_characters, 0));
  }

  static void read_pattern(const TomlReader& reader, ColumnEntry& column) {
    if (!reader.has("pattern")) return;
    auto pattern = std::make_shared<const re2::RE2>(reader.text("pattern"), re2::RE2::Quiet);
    if (!pattern->ok()) reader.fail("pattern", pattern->error());
    column.rules.pattern = std::move(pattern);
  }

  void read_declaration(const toml::table& table, const TomlReader& reader, ColumnEntry& column) const {
    for (const std::string_view key : {"type", "identity", "not_null", "default", "unique", "key"}) {
      if (!entry_.create && reader.has(key))
        reader.fail(key, "is only for create = true; the table's own columns say it otherwise");
    }
    if (!entry_.create) return;
    const auto types = declared_types();
    column.type = types[reader.choice("type", {types.begin(), types.end()})];
    column.identity = flag(table, reader, "identity");
    column.not_null = flag(table, reader, "not_null");
    column.unique = flag(table, reader, "unique");
    column.key = flag(table, reader, "key");
    column.default_sql = reader.text("default", "");
    if (column.identity && column.type != "bigint" && column.type != "integer")
      reader.fail("identity", "is for bigint and integer, not for " + column.type);
    if (column.identity && !column.default_sql.empty())
      reader.fail("default", "does not go with identity = true");
  }

  void check_declared() const {
    if (entry_.columns.empty()) reader_.fail("create", "needs columns: [resource.NAME.columns.COLUMN]");
    if (entry_.key) reader_.fail("key", "is said by the columns with create = true: key = true");
  }

  const std::string& file_;
  const toml::table& table_;
  TomlReader reader_;
  ResourceEntry entry_;
};

void refuse_shared_paths(const ResourceFile& file) {
  for (std::size_t i = 0; i < file.resources.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const auto &entry = file.resources[i], &other = file.resources[j];
      if (entry.path != other.path) continue;
      throw ScenarioFault{fmt::format("{}:{}: resource \"{}\": its path {} is that of \"{}\" (line {})",
                                      file.file, entry.line, entry.name, entry.path, other.name, other.line)};
    }
  }
}

ResourceFile read_entries(const toml::table& root, const std::string& file) {
  ResourceFile read{file};
  const TomlReader top(root, "", file, {"resource"});
  const auto* resources = top.table("resource");
  if (resources == nullptr || resources->empty())
    throw ScenarioFault{fmt::format("{}:1: there is no resource in it: [resource.NAME]", file)};
  for (const auto& [key, node] : in_order(*resources)) {
    if (!node->is_table()) top.fail(*node, "resource." + std::string(key->str()), "must be a table");
    read.resources.push_back(EntryReader(*key, *node->as_table(), file).read());
  }
  refuse_shared_paths(read);
  return read;
}

}  // namespace

Result<ResourceFile> parse_resource_file(const std::string& text, const std::string& file) {
  try {
    return read_entries(toml::parse(text), file);
  } catch (const toml::parse_error& error) {  // toml++'s shared library reports by exceptions only
    return Error{ErrorCode::invalid_argument, fmt::format("{}:{}: not valid TOML: {}", file,
                                                          error.source().begin.line, error.description())};
  } catch (const ScenarioFault& fault) {
    return Error{ErrorCode::invalid_argument, fault.message};
  }
}

Result<ResourceFile> read_resource_file(const std::string& file) {
  const auto text = read_file(file);
  if (!text) return text.error();
  return parse_resource_file(*text, file);
}

}  // namespace troupe::schema
