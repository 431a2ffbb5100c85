#include "sim/rows/row_values.hpp"

#include "schema/element.hpp"
#include "schema/masks.hpp"
#include "support/json_string.hpp"

namespace troupe::sim {

using schema::Scalar;

void RowValues::clear() {
  values_.clear();
  texts_.clear();
}

void RowValues::add(std::size_t place, Scalar::Kind kind, std::string_view text) {
  values_.push_back({place, kind, false, texts_.size(), text.size()});
  texts_ += text;
}

Scalar RowValues::scalar(std::size_t i) const {
  const auto& value = values_[i];
  return {value.kind, value.flag, std::string_view(texts_).substr(value.offset, value.size)};
}

void RowValues::append_json(const schema::Resource& resource, std::string& out) const {
  out += '{';
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const std::string_view key = resource.columns[values_[i].place].json_key;
    out += i == 0 ? key.substr(1) : key;
    append_scalar(scalar(i), out);
  }
  out += '}';
}

void append_scalar(const Scalar& value, std::string& out) {
  switch (value.kind) {
    case Scalar::Kind::null:
      out += "null";
      return;
    case Scalar::Kind::boolean:
      out += value.flag ? "true" : "false";
      return;
    case Scalar::Kind::text:
      return append_json_string(value.text, out);
    default:
      out += value.text;
  }
}

void RowValues::append_elements(const schema::Resource& resource, const std::vector<std::size_t>& places,
                                std::string& out) const {
  schema::Masks masks(places.size());
  const auto masks_begin = out.size();
  masks.append_to(out);
  std::size_t next = 0;  // values come in the order of the columns, mostly
  for (std::size_t i = 0; i < places.size(); ++i) {
    std::size_t tried = 0;
    while (tried < values_.size() && values_[next % values_.size()].place != places[i]) ++next, ++tried;
    const auto& column = resource.columns[places[i]];
    if (tried == values_.size() || column.codec->read(scalar(next % values_.size()), column, out)) {
      schema::append_null_element(out);
    } else {
      masks.add(i);
      ++next;
    }
  }
  std::string words;
  masks.append_to(words);
  out.replace(masks_begin, words.size(), words);
}

}  // namespace troupe::sim
