#include "schema/file/query_entry.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "schema/element.hpp"
#include "schema/file/entry_parts.hpp"
#include "support/suggest.hpp"
#include "support/toml_reader.hpp"

namespace troupe::schema {
namespace {

constexpr std::size_t max_parameters = 1000;  // of PostgreSQL's 65535, which nobody wants to see in a message

class QueryReader {
 public:
  QueryReader(const toml::key& key, const toml::table& table, const std::string& file)
      : file_(file),
        table_(table),
        reader_(table, "query." + std::string(key.str()), file,
                {"path", "sql", "params", "one", "write", "timeout", "coalesce", "max_rows", "comment"}) {
    entry_.name = key.str();
    entry_.line = line_of(key);
  }

  QueryEntry read() {
    entry_.path = read_path(reader_, entry_.name);
    entry_.comment = reader_.text("comment", "");
    entry_.one = read_flag(table_, reader_, "one");
    entry_.write = read_flag(table_, reader_, "write");
    entry_.timeout = read_timeout(reader_);
    if (reader_.has("max_rows")) entry_.max_rows = reader_.integer("max_rows", 1, max_rows_of_a_page, 0);
    if (reader_.has("coalesce"))
      entry_.coalesce = static_cast<Coalesce>(reader_.choice("coalesce", {"auto", "always", "never"}));
    if (entry_.write && entry_.coalesce == Coalesce::always)
      reader_.fail("coalesce", "does not go with write = true: each write is a statement of its own");
    read_sql();
    if (const auto* params = reader_.table("params")) {
      for (const auto& [name, node] : in_order(*params)) entry_.parameters.push_back(parameter(*name, *node));
    }
    return std::move(entry_);
  }

 private:
  void read_sql() {
    entry_.written = reader_.text("sql");
    auto text = read_query_text(entry_.written);
    if (const auto* fault = std::get_if<QueryTextFault>(&text))
      reader_.fail("sql", fmt::format("{} ({})", fault->message, place_in_sql(entry_.written, fault->at)));
    entry_.text = std::get<QueryText>(std::move(text));
    if (entry_.text.names.size() > max_parameters)
      reader_.fail("sql", fmt::format("has more than {} parameters", max_parameters));
  }

  ParameterEntry parameter(const toml::key& key, const toml::node& node) {
    ParameterEntry parameter{std::string(key.str()), line_of(key)};
    const auto name = reader_.name_of("params") + "." + parameter.name;
    const auto& names = entry_.text.names;
    if (std::ranges::find(names, parameter.name) == names.end()) {
      const std::vector<std::string_view> known(names.begin(), names.end());
      const auto near = nearest(parameter.name, known);
      reader_.fail(node, name,
                   fmt::format("there is no :{} in its sql{}", parameter.name,
                               near.empty() ? std::string() : fmt::format("; did you mean {}?", near)));
    }
    if (!node.is_table()) reader_.fail(node, name, "must be a table: { type = \"…\", default = … }");
    const auto& table = *node.as_table();
    const TomlReader reader(
        table, name, file_,
        {"type", "default", "optional", "min", "max", "min_length", "max_length", "pattern", "as"});
    parameter.type = reader.text("type", "");
    parameter.optional = read_flag(table, reader, "optional");
    parameter.rules = read_rules(table, reader);
    if (reader.has("as")) {
      reader.choice("as", {"string"});
      parameter.as_string = true;
    }
    if (const auto* value = table.get("default")) parameter.default_text = text_of(reader, *value);
    if (parameter.optional && parameter.default_text)
      reader.fail("default", "does not go with optional = true, which is null when it is not given");
    return parameter;
  }

  static std::string text_of(const TomlReader& reader, const toml::node& value) {
    if (const auto* text = value.as_string()) return text->get();
    if (const auto* flag = value.as_boolean()) return flag->get() ? "true" : "false";
    if (value.is_number()) return digits_of(value);
    reader.fail("default", "must be a text, a number, true or false");
  }

  const std::string& file_;
  const toml::table& table_;
  TomlReader reader_;
  QueryEntry entry_;
};

}  // namespace

QueryEntry read_query_entry(const toml::key& key, const toml::table& table, const std::string& file) {
  return QueryReader(key, table, file).read();
}

Result<void> set_defaults(Query& query, const QueryEntry& entry, const std::string& file) {
  query.defaults.resize(query.parameters.columns.size());
  for (std::size_t i = 0; i < query.defaults.size(); ++i) {
    const auto& column = query.parameters.columns[i];
    const auto said = std::ranges::find(entry.parameters, column.name, &ParameterEntry::name);
    if (said == entry.parameters.end()) continue;
    if (said->optional) append_null_element(query.defaults[i]);
    if (!said->default_text) continue;
    if (const auto fault = parse_parameter(column, *said->default_text, query.defaults[i]))
      return Error{ErrorCode::invalid_argument,
                   fmt::format("{}:{}: query \"{}\": params.{}: its default {}", file, said->line, entry.name,
                               column.name, fault->rule)};
  }
  return {};
}

std::string place_in_sql(const std::string& written, std::size_t byte) {
  const std::string_view before = std::string_view(written).substr(0, byte);
  const auto line = 1 + std::ranges::count(before, '\n');
  const auto line_begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  // Characters, as an editor counts them: bytes that go on a UTF-8 sequence are none.
  const auto character = 1 + std::ranges::count_if(before.substr(line_begin), [](char c) {
                           return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
                         });
  return fmt::format("line {}, character {} of its sql", line, character);
}

}  // namespace troupe::schema
