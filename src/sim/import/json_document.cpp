#include "sim/import/json_document.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <boost/json/stream_parser.hpp>

#include "support/url_text.hpp"

namespace troupe::sim {
namespace {

namespace json = boost::json;

constexpr unsigned char deepest_document = 128;
constexpr int most_references = 16;  // that lead to each other
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// The first line says that it is no JSON.
bool looks_like_yaml(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] == '{') return false;
  return text.find("openapi:") != std::string_view::npos || text.find("swagger:") != std::string_view::npos;
}

}  // namespace

Result<JsonDocument> JsonDocument::parse(std::string_view text, std::string_view kind) {
  if (text.size() > most_document)
    return invalid(fmt::format("is larger than {} MiB", most_document / 1024 / 1024));
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (looks_like_yaml(text)) {
    return invalid(
        "is YAML, and only JSON is read: convert it first, as with yq -o=json FILE.yaml > FILE.json");
  }
  json::parse_options options;
  options.max_depth = deepest_document;
  json::stream_parser parser({}, options);
  boost::system::error_code error;
  const auto read = parser.write_some(text.data(), text.size(), error);
  if (!error) parser.finish(error);
  if (!error && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos)
    error = json::error::extra_data;
  if (error) {
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(read), '\n');
    return invalid(fmt::format("is not {}: it is no JSON at line {} ({})", kind, line, error.message()));
  }
  return JsonDocument(parser.release());
}

const json::value* JsonDocument::resolve(const json::value* value) const {
  for (int i = 0; i < most_references; ++i) {
    const auto* reference = member(value, "$ref");
    if (reference == nullptr || !reference->is_string()) return value;
    const auto text = as_text(reference);
    if (!text.starts_with('#')) return nullptr;  // in another document
    boost::system::error_code error;
    value = root_.find_pointer(percent_decoded(text.substr(1)), error);
    if (value == nullptr) return nullptr;
  }
  return nullptr;
}

const json::value* member(const json::value* value, std::string_view name) {
  const auto* object = as_object(value);
  return object == nullptr ? nullptr : object->if_contains(name);
}

const json::object* as_object(const json::value* value) {
  return value == nullptr ? nullptr : value->if_object();
}

const json::array* as_array(const json::value* value) {
  return value == nullptr ? nullptr : value->if_array();
}

std::string_view as_text(const json::value* value) {
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string_view{} : std::string_view(*text);
}

bool is_true(const json::value* value) {
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::string pointer_part(std::string_view name) {
  std::string out = "/";
  for (const char c : name) {
    if (c == '~' || c == '/') {
      out += c == '~' ? "~0" : "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace troupe::sim
