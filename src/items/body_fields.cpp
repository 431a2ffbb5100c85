#include "items/body_fields.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

namespace troupe::items {
namespace {

std::optional<std::size_t> place_of(std::string_view name) {
  const auto found = std::ranges::find(BodyFields::names, name);
  if (found == BodyFields::names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - BodyFields::names.begin());
}

}  // namespace

const boost::json::value* BodyFields::find(std::string_view name) const {
  const auto place = place_of(name);
  return place && values_[*place] ? &*values_[*place] : nullptr;
}

void BodyFields::begin_container(bool object) {
  if (depth_ == 0) {
    is_object_ = object;
  } else if (wanted()) {
    values_[*field_].emplace(boost::json::array_kind, memory_);
  }
  ++depth_;
}

void BodyFields::key(std::string_view name) {
  if (depth_ == 1) field_ = place_of(name);
}

}  // namespace troupe::items
