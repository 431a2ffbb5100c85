#pragma once

#include <array>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace troupe::items {

/// What a body says of an item's fields, filled by the events of a JSON or MessagePack parser, without a
/// tree: members that an item does not have cost their reading and nothing else, however many there are and
/// whatever they are called. A repeated member's last value wins. An array or an object, which no field of an
/// item can be, is kept as an empty array.
class BodyFields {
 public:
  static constexpr std::array<std::string_view, 4> names{"name", "description", "price", "in_stock"};

  /// The values live in `memory`.
  explicit BodyFields(boost::json::storage_ptr memory) : memory_(std::move(memory)) {}

  /// The body is an object.
  bool is_object() const { return is_object_; }
  /// The value of one of `names`; null when the body lacks it.
  const boost::json::value* find(std::string_view name) const;

  // Events, in the order of the text.
  void begin_container(bool object);
  void end_container() { --depth_; }
  /// The member's name; its value comes next.
  void key(std::string_view name);
  /// A text, number, truth value or null.
  template <class Value>
  void scalar(const Value& value) {
    if (wanted()) values_[*field_].emplace(value, memory_);
  }

 private:
  bool wanted() const { return depth_ == 1 && is_object_ && field_; }

  boost::json::storage_ptr memory_;
  std::array<std::optional<boost::json::value>, names.size()> values_;
  std::optional<std::size_t> field_;  ///< whose value comes next at depth 1
  std::size_t depth_ = 0;
  bool is_object_ = false;
};

}  // namespace troupe::items
