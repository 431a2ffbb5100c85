#include "support/json_text.hpp"

#include <spdlog/fmt/fmt.h>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

namespace troupe {

namespace json = boost::json;

std::string json_text(const json::value& value) {
  if (value.is_double()) return fmt::format("{}", value.get_double());
  std::string out;
  if (const auto* object = value.if_object()) {
    for (const auto& one : *object) {
      out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", json::serialize(json::string(one.key())),
                         json_text(one.value()));
    }
    return '{' + out + '}';
  }
  const auto* list = value.if_array();
  if (list == nullptr) return json::serialize(value);
  for (const auto& one : *list) out += (out.empty() ? "" : ", ") + json_text(one);
  return '[' + out + ']';
}

}  // namespace troupe
