#include "sim/scenario/parameter_reader.hpp"

#include <spdlog/fmt/fmt.h>

#include <array>
#include <optional>
#include <utility>

#include "sim/scenario/text_template.hpp"

namespace troupe::sim {
namespace {

constexpr std::array<std::string_view, 5> kinds{"uniform", "zipfian", "column", "list", "data"};
constexpr std::int64_t most_whole = 1'000'000'000'000'000;  // a double has them all

/// The two numbers of a range.
std::pair<const toml::node*, const toml::node*> range_of(const TomlReader& reader, std::string_view key) {
  const auto* range = reader.array(key);
  const bool numbers = range->size() == 2 && range->get(0)->is_number() && range->get(1)->is_number();
  if (!numbers) reader.fail(key, "must be two numbers, as [1, 100]");
  return {range->get(0), range->get(1)};
}

std::optional<std::pair<std::int64_t, std::int64_t>> whole_range(const TomlReader& reader,
                                                                 std::string_view key) {
  const auto [low, high] = range_of(reader, key);
  if (!low->is_integer() || !high->is_integer()) return std::nullopt;
  const std::pair bounds{low->as_integer()->get(), high->as_integer()->get()};
  if (bounds.first < -most_whole || bounds.second > most_whole)
    reader.fail(key, fmt::format("must be from -{0} to {0}", most_whole));
  if (bounds.first > bounds.second) reader.fail(key, "must begin with the smaller number");
  return bounds;
}

double theta_of(const TomlReader& reader) {
  return reader.has("theta") ? reader.number("theta", 0, 1) : KeyChoice{}.theta;
}

ParameterSource read_uniform(const TomlReader& reader) {
  if (const auto whole = whole_range(reader, "uniform")) return UniformWhole{whole->first, whole->second};
  const auto [low, high] = range_of(reader, "uniform");
  const UniformReal range{low->value<double>().value(), high->value<double>().value()};
  if (!(range.low < range.high)) reader.fail("uniform", "must begin with the smaller number");
  return range;
}

ParameterSource read_zipfian(const TomlReader& reader) {
  const auto whole = whole_range(reader, "zipfian");
  if (!whole) reader.fail("zipfian", "must be two whole numbers, as [1, 100]");
  return ZipfianWhole{whole->first, whole->second, theta_of(reader)};
}

ParameterSource read_column(const TomlReader& reader) {
  const auto text = reader.text("column");
  const auto dot = text.rfind('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == text.size())
    reader.fail("column", fmt::format("'{}' must be a table and a column, as \"customers.id\"", text));
  ColumnValues values{text.substr(0, dot), text.substr(dot + 1)};
  if (reader.has("choice")) {
    const bool zipfian = reader.choice("choice", {"uniform", "zipfian"}) == 1;
    values.choice.kind = zipfian ? KeyChoice::Kind::zipfian : KeyChoice::Kind::uniform;
  }
  if (reader.has("theta") && values.choice.kind != KeyChoice::Kind::zipfian)
    reader.fail("theta", "only goes with choice = \"zipfian\"");
  values.choice.theta = theta_of(reader);
  return values;
}

ParameterSource read_list(const TomlReader& reader) {
  ListedValues listed;
  for (const auto& node : *reader.array("list")) {
    if (const auto text = node.value_exact<std::string>()) {
      listed.values.push_back(*text);
    } else if (const auto whole = node.value_exact<std::int64_t>()) {
      listed.values.push_back(std::to_string(*whole));
    } else if (const auto real = node.value_exact<double>()) {
      listed.values.push_back(fmt::format("{}", *real));
    } else if (const auto flag = node.value_exact<bool>()) {
      listed.values.push_back(*flag ? "true" : "false");
    } else {
      reader.fail("list", "must hold texts, numbers, true or false");
    }
  }
  if (listed.values.empty()) reader.fail("list", "must not be empty");
  return listed;
}

ParameterSource read_data_column(const TomlReader& reader, const DataRows* data) {
  const auto name = reader.text("data");
  if (data == nullptr) reader.fail("data", "needs a file: data = \"FILE.csv\" at the top of the scenario");
  const auto index = data->column(name);
  if (!index)
    reader.fail("data", fmt::format("'{}' is not one of the data's columns {}", name,
                                    fmt::join(data->columns, ", ")));
  return DataColumn{*index};
}

/// Which of `kinds` a table is, by its key; empty: none.
std::string_view kind_of(const toml::table& table, const TomlReader& any) {
  std::string_view found;
  for (const auto kind : kinds) {
    if (!table.contains(kind)) continue;
    if (!found.empty()) any.fail(kind, fmt::format("does not go with {}: one of them says it", found));
    found = kind;
  }
  return found;
}

ParameterSource read_source(const toml::table& table, const std::string& path, const std::string& file,
                            const DataRows* data) {
  const TomlReader any(table, path, file,
                       {"uniform", "zipfian", "column", "list", "data", "theta", "choice"});
  const auto kind = kind_of(table, any);
  // Read again with the keys of this kind only, so that what means nothing there is refused and not ignored.
  if (kind == "uniform") return read_uniform({table, path, file, {"uniform"}});
  if (kind == "zipfian") return read_zipfian({table, path, file, {"zipfian", "theta"}});
  if (kind == "column") return read_column({table, path, file, {"column", "choice", "theta"}});
  if (kind == "list") return read_list({table, path, file, {"list"}});
  if (kind == "data") return read_data_column({table, path, file, {"data"}}, data);
  any.fail(table, path, fmt::format("needs one of {}", fmt::join(kinds, ", ")));
}

}  // namespace

std::vector<Parameter> read_parameters(const toml::table& params, const std::string& path,
                                       const std::string& file, const DataRows* data) {
  std::vector<Parameter> parameters;
  const toml::table nothing;
  const TomlReader any(nothing, path, file, {});  // which only tells faults
  for (const auto& [key, node] : params) {
    const std::string name(key.str());
    const auto place = path + '.' + name;
    if (!is_placeholder_name(name))
      any.fail(node, place, "must be letters, digits and _, not starting with a digit");
    const auto* table = node.as_table();
    if (table == nullptr) any.fail(node, place, "must be a table, as { uniform = [1, 100] }");
    parameters.push_back({name, read_source(*table, place, file, data)});
  }
  return parameters;
}

}  // namespace troupe::sim
