#include "sim/rows/row_key.hpp"

#include "schema/element.hpp"
#include "schema/value_text.hpp"

namespace troupe::sim {

RowKey integer_key(std::int64_t id) {
  RowKey key;
  schema::append_integer_element(id, key);
  return key;
}

std::vector<std::string> key_texts(const schema::Resource& resource, std::string_view key) {
  std::vector<std::string> texts;
  for (const auto place : resource.key) {
    const auto value = schema::take_element(key);
    texts.push_back(value ? schema::value_text(resource.columns[place], *value) : std::string());
  }
  return texts;
}

}  // namespace troupe::sim
