#include "schema/file/resource_file.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

#include "schema/file/declared_table.hpp"
#include "schema/file/entry_parts.hpp"
#include "schema/table_name.hpp"
#include "support/read_file.hpp"
#include "support/suggest.hpp"
#include "support/text_width.hpp"
#include "support/toml_reader.hpp"

namespace troupe::schema {
namespace {

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
    entry_.create = read_flag(table_, reader_, "create");
    entry_.require_match = read_flag(table_, reader_, "require_match");
    entry_.singular = reader_.text("singular", entry_.singular);
    entry_.path = read_path(reader_, entry_.name);
    read_methods();
    if (auto hide = names(table_, reader_, "hide")) entry_.hide = *std::move(hide);
    if (auto read_only = names(table_, reader_, "read_only")) entry_.read_only = *std::move(read_only);
    entry_.key = names(table_, reader_, "key");
    if (entry_.key && entry_.key->names.empty()) reader_.fail("key", "must name a column");
    entry_.timeout = read_timeout(reader_);
    if (const auto* list = reader_.table("list")) read_list(*list);
    if (const auto* columns = reader_.table("columns")) {
      for (const auto& [key, node] : in_order(*columns)) entry_.columns.push_back(read_column(*key, *node));
    }
    if (entry_.create) check_declared();
    return std::move(entry_);
  }

 private:
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
    column.rules = read_rules(table, reader);
    if (reader.has("as")) {
      reader.choice("as", {"string"});
      column.as_string = true;
    }
    read_declaration(table, reader, column);
    return column;
  }

  void read_declaration(const toml::table& table, const TomlReader& reader, ColumnEntry& column) const {
    for (const std::string_view key : {"type", "identity", "not_null", "default", "unique", "key"}) {
      if (!entry_.create && reader.has(key))
        reader.fail(key, "is only for create = true; the table's own columns say it otherwise");
    }
    if (!entry_.create) return;
    const auto types = declared_types();
    column.type = types[reader.choice("type", {types.begin(), types.end()})];
    column.identity = read_flag(table, reader, "identity");
    column.not_null = read_flag(table, reader, "not_null");
    column.unique = read_flag(table, reader, "unique");
    column.key = read_flag(table, reader, "key");
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

/// What is served where, and the line that says so.
struct Place {
  std::string what;
  const std::string& path;
  std::size_t line;
};

void refuse_shared_paths(const ResourceFile& file) {
  std::vector<Place> places;
  for (const auto& entry : file.resources)
    places.push_back({fmt::format("resource \"{}\"", entry.name), entry.path, entry.line});
  for (const auto& entry : file.queries)
    places.push_back({fmt::format("query \"{}\"", entry.name), entry.path, entry.line});
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& place = places[i];
    const auto other = std::ranges::find(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(i),
                                         place.path, [](const Place& each) { return each.path; });
    if (other == places.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    throw ScenarioFault{fmt::format("{}:{}: {}: its path {} is that of {} (line {})", file.file, place.line,
                                    place.what, place.path, other->what, other->line)};
  }
}

ResourceFile read_entries(const toml::table& root, const std::string& file) {
  ResourceFile read{file};
  const TomlReader top(root, "", file, {"resource", "query"});
  const auto each_of = [&](std::string_view kind, const auto& use) {
    const auto* entries = top.table(kind);
    if (entries == nullptr) return;
    for (const auto& [key, node] : in_order(*entries)) {
      if (!node->is_table()) top.fail(*node, fmt::format("{}.{}", kind, key->str()), "must be a table");
      use(*key, *node->as_table());
    }
  };
  each_of("resource", [&](const toml::key& key, const toml::table& table) {
    read.resources.push_back(EntryReader(key, table, file).read());
  });
  each_of("query", [&](const toml::key& key, const toml::table& table) {
    read.queries.push_back(read_query_entry(key, table, file));
  });
  if (read.resources.empty() && read.queries.empty())
    throw ScenarioFault{
        fmt::format("{}:1: there is no resource in it: [resource.NAME] or [query.NAME]", file)};
  refuse_shared_paths(read);
  return read;
}

}  // namespace

Result<ResourceFile> parse_resource_file(const std::string& text, const std::string& file) {
  try {
    return read_entries(toml::parse(text), file);
  } catch (const toml::parse_error& error) {  // toml++'s shared library reports by exceptions only
    return Error{ErrorCode::invalid_argument,
                 fmt::format("{}:{}: not valid TOML: {}", file, error.source().begin.line,
                             one_line(error.description()))};
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
