#pragma once
// Structs as JSON and MessagePack: one tree of values for both forms, walked by a struct's visit_fields,
// which is found by argument-dependent lookup beside the struct. The writer and the reader walk the same list
// of fields, so they cannot disagree.

#include <spdlog/fmt/fmt.h>

#include <boost/json.hpp>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/histogram.hpp"
#include "support/result.hpp"

namespace troupe::report {

/// What a file says of itself in its first two fields.
struct Schema {
  std::string_view name;
  std::int64_t version = 0;
};

/// Fills a JSON object with a struct's fields. What is not finite becomes null, an absent optional too;
/// durations are written as their count, whose unit the field's name tells; an enum's value as its name, from
/// the table that names_of(), found beside the enum, returns. Used through tree_of().
class TreeWriter {
 public:
  explicit TreeWriter(boost::json::object& out) : out_(out) {}

  template <class T>
  void operator()(std::string_view key, const T& value) {
    out_.emplace(key, tree(value));
  }

 private:
  static boost::json::value tree(double value);
  static boost::json::value tree(const SparseHistogram& histogram);
  static boost::json::value tree(const std::string& text) { return boost::json::value(text); }
  template <class T>
  requires std::integral<T>
  static boost::json::value tree(T value) { return value; }
  template <class T>
  requires std::is_enum_v<T>
  static boost::json::value tree(T value) {
    return boost::json::value(names_of(value)[static_cast<std::size_t>(value)]);
  }
  template <class Rep, class Period>
  static boost::json::value tree(std::chrono::duration<Rep, Period> value) {
    return tree(value.count());
  }
  template <class T>
  static boost::json::value tree(const std::map<std::string, T>& map) {
    boost::json::object out;
    for (const auto& [key, value] : map) out.emplace(key, tree(value));
    return out;
  }
  template <class T>
  static boost::json::value tree(const std::optional<T>& value) {
    return value ? tree(*value) : boost::json::value(nullptr);
  }
  template <class T>
  static boost::json::value tree(const std::vector<T>& values) {
    boost::json::array out;
    for (const auto& value : values) out.push_back(tree(value));
    return out;
  }
  template <class T>
  requires std::is_class_v<T>
  static boost::json::value tree(const T& value) {
    boost::json::object out;
    TreeWriter writer(out);
    visit_fields(writer, value);
    return out;
  }

  boost::json::object& out_;
};

/// Fills a struct's fields from a JSON object. Used through value_of(), where its Fault becomes an Error.
class TreeReader {
 public:
  /// "tasks[1].response.p99_us: must be a whole number from 0 up".
  struct Fault {
    std::string message;
  };

  TreeReader(const boost::json::value& value, std::string path);

  template <class T>
  void operator()(std::string_view key, T& value) {
    const auto path = path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
    const auto* found = object_->if_contains(key);
    if constexpr (requires { value.has_value(); }) {
      if (!found) return value.reset();  // what older files do not have yet
    }
    if (!found) fail(path, "is missing");
    read(*found, value, path);
  }

 private:
  using Path = const std::string&;

  [[noreturn]] static void fail(Path path, std::string_view message);
  /// Which of the names the value is.
  static std::size_t position_of(const boost::json::value& value, std::span<const std::string_view> names,
                                 Path path);

  static void read(const boost::json::value& value, bool& out, Path path);
  static void read(const boost::json::value& value, std::uint64_t& out, Path path);
  static void read(const boost::json::value& value, std::int64_t& out, Path path);
  static void read(const boost::json::value& value, double& out, Path path);
  static void read(const boost::json::value& value, std::string& out, Path path);
  static void read(const boost::json::value& value, SparseHistogram& out, Path path);
  template <class T>
  requires std::is_enum_v<T>
  static void read(const boost::json::value& value, T& out, Path path) {
    out = static_cast<T>(position_of(value, names_of(T{}), path));
  }
  template <class Period>
  static void read(const boost::json::value& value, std::chrono::duration<std::int64_t, Period>& out,
                   Path path) {
    using Read = std::chrono::duration<std::int64_t, Period>;
    std::uint64_t count = 0;
    read(value, count, path);
    if (count > static_cast<std::uint64_t>(Read::max().count())) fail(path, "is too large");
    out = Read(count);
  }
  template <class Period>
  static void read(const boost::json::value& value, std::chrono::duration<double, Period>& out, Path path) {
    double count = 0;
    read(value, count, path);
    out = std::chrono::duration<double, Period>(count);
  }
  template <class T>
  static void read(const boost::json::value& value, std::map<std::string, T>& out, Path path) {
    if (!value.is_object()) fail(path, "must be a map");
    for (const auto& [key, element] : value.get_object())
      read(element, out[key], fmt::format("{}.{}", path, std::string_view(key)));
  }
  template <class T>
  static void read(const boost::json::value& value, std::optional<T>& out, Path path) {
    value.is_null() ? out.reset() : read(value, out.emplace(), path);
  }
  template <class T>
  static void read(const boost::json::value& value, std::vector<T>& out, Path path) {
    if (!value.is_array()) fail(path, "must be a list");
    for (const auto& element : value.get_array()) {
      const auto element_path = fmt::format("{}[{}]", path, out.size());
      read(element, out.emplace_back(), element_path);
    }
  }
  template <class T>
  requires std::is_class_v<T>
  static void read(const boost::json::value& value, T& out, Path path) {
    TreeReader reader(value, path);
    visit_fields(reader, out);
  }

  std::string path_;
  const boost::json::object* object_;
};

/// A struct's fields as a JSON object.
template <class T>
boost::json::object tree_of(const T& value) {
  boost::json::object out;
  TreeWriter writer(out);
  visit_fields(writer, value);
  return out;
}

/// The same behind "schema" and "version": the content of a file.
template <class T>
boost::json::object tree_of(const Schema& schema, const T& value) {
  boost::json::object out{{"schema", schema.name}, {"version", schema.version}};
  TreeWriter writer(out);
  visit_fields(writer, value);
  return out;
}

/// A struct from its tree; keys that it has no field for are ignored. The Error names the place and the
/// fault: "tasks[1].name: must be a text".
template <class T>
Result<T> value_of(const boost::json::value& tree) {
  try {
    T value;
    TreeReader reader(tree, "");
    visit_fields(reader, value);
    return value;
  } catch (const TreeReader::Fault& fault) {
    return Error{ErrorCode::invalid_argument, fault.message};
  }
}

/// Whether a file's tree is of this schema and version; the Error continues a sentence that names the file
/// ("its schema is not 'troupe.run'").
Result<void> check_schema(const boost::json::value& tree, const Schema& schema);

/// One line and a line end.
std::string json_text(const boost::json::value& tree);
std::string msgpack_bytes(const boost::json::value& tree);

/// The tree of a whole text or of all bytes. Bounded in depth and memory whatever they hold; the Error
/// continues a sentence that names the file ("not JSON (…)").
Result<boost::json::value> tree_from_json(std::string_view text);
Result<boost::json::value> tree_from_msgpack(std::string_view bytes);

/// The first of the MessagePack values that `bytes` begin with.
struct FirstTree {
  boost::json::value tree;
  std::size_t length = 0;  ///< of its bytes
};
/// Nothing when the bytes end before the value does; otherwise like tree_from_msgpack(). A text, list or map
/// that announces more than `most` elements is an Error before any memory is taken for them.
Result<std::optional<FirstTree>> first_tree_from_msgpack(std::string_view bytes, std::size_t most);

}  // namespace troupe::report
