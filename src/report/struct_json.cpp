#include "report/struct_json.hpp"

#include <cmath>
#include <limits>
#include <msgpack.hpp>
#include <span>

namespace troupe::report {

namespace json = boost::json;

namespace {

constexpr std::size_t max_depth = 32;  ///< of nesting: ours is 6

/// Thrown by to_tree() and turned into an Error where that is called.
struct NoJson {
  std::string_view what;
};

template <class T>
std::optional<T> whole(const json::value& value) {
  boost::system::error_code error;
  const auto number = value.is_double() ? T{} : value.to_number<T>(error);
  if (error || value.is_double()) return std::nullopt;
  return number;
}

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
        if (key.type != msgpack::type::STR) throw NoJson{"a map has a key that is not a text"};
        out.emplace(std::string_view(key.via.str.ptr, key.via.str.size), to_tree(value));
      }
      return out;
    }
    default:
      throw NoJson{"it holds binary or extension values"};
  }
}

}  // namespace

json::value TreeWriter::tree(double value) {
  if (!std::isfinite(value)) return nullptr;  // JSON has no word for it
  return value;
}

json::value TreeWriter::tree(const SparseHistogram& histogram) {
  json::array cells;
  std::uint32_t previous = 0;
  for (const auto& entry : histogram.entries) {
    cells.emplace_back(entry.index - previous);
    cells.emplace_back(entry.count);
    previous = entry.index;
  }
  return {{"sum_us", histogram.sum_us},
          {"min_us", histogram.min_us},
          {"max_us", histogram.max_us},
          {"cells", cells}};
}

TreeReader::TreeReader(const json::value& value, std::string path)
    : path_(std::move(path)), object_(value.if_object()) {
  if (!object_) fail(path_.empty() ? "the whole" : path_, "must be a map");
}

void TreeReader::fail(Path path, std::string_view message) {
  throw Fault{fmt::format("{}: {}", path, message)};
}

std::size_t TreeReader::position_of(const json::value& value, std::span<const std::string_view> names,
                                    Path path) {
  std::string name;
  read(value, name, path);
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) fail(path, fmt::format("must be one of {}", fmt::join(names, ", ")));
  return static_cast<std::size_t>(found - names.begin());
}

void TreeReader::read(const json::value& value, bool& out, Path path) {
  if (!value.is_bool()) fail(path, "must be true or false");
  out = value.get_bool();
}

void TreeReader::read(const json::value& value, std::uint64_t& out, Path path) {
  const auto number = whole<std::uint64_t>(value);
  if (!number) fail(path, "must be a whole number from 0 up");
  out = *number;
}

void TreeReader::read(const json::value& value, std::int64_t& out, Path path) {
  const auto number = whole<std::int64_t>(value);
  if (!number) fail(path, "must be a whole number");
  out = *number;
}

void TreeReader::read(const json::value& value, double& out, Path path) {
  boost::system::error_code error;
  out = value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.to_number<double>(error);
  if (error) fail(path, "must be a number");
}

void TreeReader::read(const json::value& value, std::string& out, Path path) {
  if (!value.is_string()) fail(path, "must be a text");
  out = value.get_string();
}

void TreeReader::read(const json::value& value, SparseHistogram& out, Path path) {
  TreeReader reader(value, path);
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
    out.entries.push_back({static_cast<std::uint32_t>(index), cells[i + 1]});
  }
  if (const auto dense = Histogram::from(out); !dense) fail(path, dense.error().message);
}

Result<void> check_schema(const json::value& tree, const Schema& schema) {
  const auto* object = tree.if_object();
  const auto* name = object ? object->if_contains("schema") : nullptr;
  if (!name || *name != json::value(schema.name))
    return invalid(fmt::format("its schema is not '{}'", schema.name));
  const auto* version = object->if_contains("version");
  if (!version || *version != json::value(schema.version)) {
    return invalid(fmt::format("it has schema version {}, this program reads version {}",
                               version ? json::serialize(*version) : "none", schema.version));
  }
  return {};
}

std::string json_text(const json::value& tree) {
  return json::serialize(tree) + "\n";
}

std::string msgpack_bytes(const json::value& tree) {
  msgpack::sbuffer buffer;
  msgpack::packer packer(buffer);
  pack_tree(packer, tree);
  return {buffer.data(), buffer.size()};
}

Result<json::value> tree_from_json(std::string_view text) {
  boost::system::error_code error;
  auto tree = json::parse(text, error);
  if (error) return invalid(fmt::format("not JSON ({})", error.message()));
  return tree;
}

Result<std::optional<FirstTree>> first_tree_from_msgpack(std::string_view bytes, std::size_t most) {
  // No element takes less than a byte: no memory for more than there can be.
  const auto some = std::min(most, bytes.size());
  try {
    std::size_t end = 0;
    const auto handle = msgpack::unpack(bytes.data(), bytes.size(), end, nullptr, nullptr,
                                        msgpack::unpack_limit(some, some, some, some, some, max_depth));
    return FirstTree{to_tree(handle.get()), end};
  } catch (const NoJson& fault) {
    return invalid(std::string(fault.what));
  } catch (const msgpack::insufficient_bytes&) {
    return std::optional<FirstTree>();
  } catch (const msgpack::size_overflow& error) {
    if (some < most) return std::optional<FirstTree>();  // cut off
    return invalid(fmt::format("not MessagePack ({})", error.what()));
  } catch (const msgpack::unpack_error& error) {
    return invalid(fmt::format("not MessagePack ({})", error.what()));
  }
}

Result<json::value> tree_from_msgpack(std::string_view bytes) {
  // No element takes less than a byte: a header that promises more than there are is a lie.
  auto first = first_tree_from_msgpack(bytes, bytes.size());
  if (!first) return first.error();
  if (!*first) return invalid("not MessagePack (it ends too early)");
  if ((*first)->length != bytes.size()) return invalid("it goes on after its end");
  return std::move((*first)->tree);
}

}  // namespace troupe::report
