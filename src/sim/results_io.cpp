// Results as files: one tree of values for both forms, JSON and MessagePack.
#include <spdlog/fmt/fmt.h>

#include <boost/json.hpp>
#include <cmath>
#include <limits>
#include <msgpack.hpp>
#include <span>

#include "sim/results.hpp"
#include "sim/results_fields.hpp"

namespace troupe::sim {
namespace {

namespace json = boost::json;

constexpr std::size_t max_depth = 32;  ///< of nesting: ours is 6

// ---- Writing: result → tree ----

class Writer {
 public:
  explicit Writer(json::object& out) : out_(out) {}

  template <class T>
  void operator()(std::string_view key, const T& value) {
    out_.emplace(key, tree(value));
  }

 private:
  template <class T>
  requires std::is_arithmetic_v<T>
  static json::value tree(T value) {
    if constexpr (std::is_floating_point_v<T>) {
      if (!std::isfinite(value)) return nullptr;  // JSON has no word for it
    }
    return value;
  }
  static json::value tree(const std::string& text) { return json::value(text); }
  template <class Rep, class Period>
  static json::value tree(std::chrono::duration<Rep, Period> value) {
    return tree(value.count());
  }
  static json::value tree(const SparseHistogram& histogram) {
    json::array cells;
    std::uint32_t previous = 0;
    for (const auto& cell : histogram.cells) {
      cells.emplace_back(cell.index - previous);
      cells.emplace_back(cell.count);
      previous = cell.index;
    }
    return {{"sum_us", histogram.sum_us},
            {"min_us", histogram.min_us},
            {"max_us", histogram.max_us},
            {"cells", cells}};
  }
  static json::value tree(const std::map<std::string, std::string>& map) {
    json::object out;
    for (const auto& [key, value] : map) out.emplace(key, value);
    return out;
  }
  template <class T>
  static json::value tree(const std::optional<T>& value) {
    return value ? tree(*value) : json::value(nullptr);
  }
  template <class T>
  static json::value tree(const std::vector<T>& values) {
    json::array out;
    for (const auto& value : values) out.push_back(tree(value));
    return out;
  }
  template <class T>
  requires std::is_class_v<T>
  static json::value tree(const T& value) {
    json::object out;
    Writer writer(out);
    visit_fields(writer, value);
    return out;
  }

  json::object& out_;
};

json::object to_tree(const RunResult& result) {
  json::object out{{"schema", schema_name}, {"version", schema_version}};
  Writer writer(out);
  visit_fields(writer, result);
  return out;
}

void pack_tree(msgpack::packer<msgpack::sbuffer>& packer, const json::value& value);

void pack_text(msgpack::packer<msgpack::sbuffer>& packer, std::string_view text) {
  packer.pack_str(static_cast<std::uint32_t>(text.size()));
  packer.pack_str_body(text.data(), static_cast<std::uint32_t>(text.size()));
}

void pack_tree(msgpack::packer<msgpack::sbuffer>& packer, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      packer.pack_nil();
      break;
    case json::kind::bool_:
      packer.pack(value.get_bool());
      break;
    case json::kind::int64:
      packer.pack_int64(value.get_int64());
      break;
    case json::kind::uint64:
      packer.pack_uint64(value.get_uint64());
      break;
    case json::kind::double_:
      packer.pack_double(value.get_double());
      break;
    case json::kind::string:
      pack_text(packer, value.get_string());
      break;
    case json::kind::array:
      packer.pack_array(static_cast<std::uint32_t>(value.get_array().size()));
      for (const auto& element : value.get_array()) pack_tree(packer, element);
      break;
    case json::kind::object:
      packer.pack_map(static_cast<std::uint32_t>(value.get_object().size()));
      for (const auto& [key, element] : value.get_object()) {
        pack_text(packer, key);
        pack_tree(packer, element);
      }
      break;
  }
}

// ---- Reading: tree → result ----

/// Thrown by the readers below and turned into an Error where they are called.
struct SchemaFault {
  std::string message;
};

[[noreturn]] void fail(const std::string& path, std::string_view message) {
  throw SchemaFault{fmt::format("not a valid result: {}: {}", path, message)};
}

class Reader {
 public:
  Reader(const json::value& value, std::string path) : path_(std::move(path)), object_(value.if_object()) {
    if (!object_) fail(path_.empty() ? "the whole" : path_, "must be a map");
  }

  template <class T>
  void operator()(std::string_view key, T& value) {
    const auto path = path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
    const auto* found = object_->if_contains(key);
    if (!found) fail(path, "is missing");
    read(*found, value, path);
  }

 private:
  template <class T>
  static T whole(const json::value& value, const std::string& path) {
    boost::system::error_code error;
    const auto number = value.is_double() ? T{} : value.to_number<T>(error);
    if (error || value.is_double()) {
      fail(path, std::is_unsigned_v<T> ? "must be a whole number from 0 up" : "must be a whole number");
    }
    return number;
  }
  static double real(const json::value& value, const std::string& path) {
    if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
    boost::system::error_code error;
    const auto number = value.to_number<double>(error);
    if (error) fail(path, "must be a number");
    return number;
  }

  static void read(const json::value& value, bool& out, const std::string& path) {
    if (!value.is_bool()) fail(path, "must be true or false");
    out = value.get_bool();
  }
  static void read(const json::value& value, std::uint64_t& out, const std::string& path) {
    out = whole<std::uint64_t>(value, path);
  }
  static void read(const json::value& value, std::int64_t& out, const std::string& path) {
    out = whole<std::int64_t>(value, path);
  }
  static void read(const json::value& value, double& out, const std::string& path) {
    out = real(value, path);
  }
  static void read(const json::value& value, std::string& out, const std::string& path) {
    if (!value.is_string()) fail(path, "must be a text");
    out = value.get_string();
  }
  static void read(const json::value& value, Micros& out, const std::string& path) {
    const auto us = whole<std::uint64_t>(value, path);
    if (us > static_cast<std::uint64_t>(Micros::max().count())) fail(path, "is too large");
    out = Micros(us);
  }
  template <class Period>
  static void read(const json::value& value, std::chrono::duration<double, Period>& out,
                   const std::string& path) {
    out = std::chrono::duration<double, Period>(real(value, path));
  }
  static void read(const json::value& value, SparseHistogram& out, const std::string& path) {
    Reader reader(value, path);
    reader("sum_us", out.sum_us);
    reader("min_us", out.min_us);
    reader("max_us", out.max_us);
    std::vector<std::uint64_t> cells;
    reader("cells", cells);
    if (cells.size() % 2 != 0) fail(path + ".cells", "must hold pairs");
    std::uint64_t index = 0;
    for (std::size_t i = 0; i < cells.size(); i += 2) {
      if (cells[i] >= Histogram::cell_count) fail(path + ".cells", "leaves the range of the histogram");
      index += cells[i];
      out.cells.push_back({static_cast<std::uint32_t>(index), cells[i + 1]});
    }
    if (const auto dense = Histogram::from(out); !dense) fail(path, dense.error().message);
  }
  static void read(const json::value& value, std::map<std::string, std::string>& out,
                   const std::string& path) {
    if (!value.is_object()) fail(path, "must be a map");
    for (const auto& [key, text] : value.get_object())
      read(text, out[key], fmt::format("{}.{}", path, std::string_view(key)));
  }
  template <class T>
  static void read(const json::value& value, std::optional<T>& out, const std::string& path) {
    if (!value.is_null()) read(value, out.emplace(), path);
  }
  template <class T>
  static void read(const json::value& value, std::vector<T>& out, const std::string& path) {
    if (!value.is_array()) fail(path, "must be a list");
    for (const auto& element : value.get_array()) {
      const auto element_path = fmt::format("{}[{}]", path, out.size());
      read(element, out.emplace_back(), element_path);
    }
  }
  template <class T>
  requires std::is_class_v<T>
  static void read(const json::value& value, T& out, const std::string& path) {
    Reader reader(value, path);
    visit_fields(reader, out);
  }

  std::string path_;
  const json::object* object_;
};

Error not_a_result(std::string_view why) {
  return {ErrorCode::invalid_argument, fmt::format("not a result file of troupe: {}", why)};
}

Result<RunResult> from_tree(const json::value& tree) {
  const auto* object = tree.if_object();
  const auto* name = object ? object->if_contains("schema") : nullptr;
  if (!name || *name != json::value(schema_name))
    return not_a_result(fmt::format("its schema is not '{}'", schema_name));
  const auto* version = object->if_contains("version");
  if (!version || *version != json::value(schema_version)) {
    return not_a_result(fmt::format("it has schema version {}, this program reads version {}",
                                    version ? json::serialize(*version) : "none", schema_version));
  }
  try {
    RunResult result;
    Reader reader(tree, "");
    visit_fields(reader, result);
    return result;
  } catch (const SchemaFault& fault) {
    return Error{ErrorCode::invalid_argument, fault.message};
  }
}

json::value to_tree(const msgpack::object& object) {
  switch (object.type) {
    case msgpack::type::NIL:
      return nullptr;
    case msgpack::type::BOOLEAN:
      return object.via.boolean;
    case msgpack::type::POSITIVE_INTEGER:
      return object.via.u64;
    case msgpack::type::NEGATIVE_INTEGER:
      return object.via.i64;
    case msgpack::type::FLOAT32:
    case msgpack::type::FLOAT64:
      return object.via.f64;
    case msgpack::type::STR:
      return json::value(std::string_view(object.via.str.ptr, object.via.str.size));
    case msgpack::type::ARRAY: {
      json::array out;
      out.reserve(object.via.array.size);
      for (const auto& element : std::span(object.via.array.ptr, object.via.array.size))
        out.push_back(to_tree(element));
      return out;
    }
    case msgpack::type::MAP: {
      json::object out;
      for (const auto& [key, value] : std::span(object.via.map.ptr, object.via.map.size)) {
        if (key.type != msgpack::type::STR) throw SchemaFault{"a map has a key that is not a text"};
        out.emplace(std::string_view(key.via.str.ptr, key.via.str.size), to_tree(value));
      }
      return out;
    }
    default:
      throw SchemaFault{"it holds binary or extension values"};
  }
}

}  // namespace

std::string write_json(const RunResult& result) {
  return json::serialize(to_tree(result)) + "\n";
}

std::string write_msgpack(const RunResult& result) {
  msgpack::sbuffer buffer;
  msgpack::packer packer(buffer);
  pack_tree(packer, to_tree(result));
  return {buffer.data(), buffer.size()};
}

Result<RunResult> read_json(std::string_view text) {
  boost::system::error_code error;
  const auto tree = json::parse(text, error);
  if (error) return not_a_result(fmt::format("not JSON ({})", error.message()));
  return from_tree(tree);
}

Result<RunResult> read_msgpack(std::string_view bytes) {
  // No element takes less than a byte: a header that promises more is a lie, and must not be believed with
  // memory.
  const auto most = bytes.size();
  try {
    std::size_t end = 0;
    const auto handle = msgpack::unpack(bytes.data(), bytes.size(), end, nullptr, nullptr,
                                        msgpack::unpack_limit(most, most, most, most, most, max_depth));
    if (end != bytes.size()) return not_a_result("it goes on after its end");
    return from_tree(to_tree(handle.get()));
  } catch (const SchemaFault& fault) {
    return not_a_result(fault.message);
  } catch (const msgpack::unpack_error& error) {
    return not_a_result(fmt::format("not MessagePack ({})", error.what()));
  }
}

Result<RunResult> read_result(std::string_view bytes) {
  const auto first = bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && bytes[first] == '{' ? read_json(bytes) : read_msgpack(bytes);
}

}  // namespace troupe::sim
