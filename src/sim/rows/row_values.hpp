#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "schema/resource.hpp"
#include "schema/scalar.hpp"

namespace troupe::sim {

/// What a task sends to make a row, or to replace one: values of some of a resource's columns, as a body's
/// reader would hand them over. Used again and again, it keeps its memory. Used by one thread at a time.
class RowValues {
 public:
  void clear();
  void add_null(std::size_t place) { add(place, schema::Scalar::Kind::null, {}); }
  void add_boolean(std::size_t place, bool flag) {
    values_.push_back({place, schema::Scalar::Kind::boolean, flag, 0, 0});
  }
  /// `text` is copied: a text, a number's digits, or the JSON of a list or an object.
  void add(std::size_t place, schema::Scalar::Kind kind, std::string_view text);

  std::size_t size() const { return values_.size(); }
  std::size_t place(std::size_t i) const { return values_[i].place; }
  /// Lives until the next change.
  schema::Scalar scalar(std::size_t i) const;

  /// Appends them as a JSON object: the body of a request.
  void append_json(const schema::Resource& resource, std::string& out) const;
  /// Appends them as the elements of a command (schema::BodyRows): masks and values of the columns `places`.
  /// What the resource's rules refuse is left out, so that the database refuses it.
  void append_elements(const schema::Resource& resource, const std::vector<std::size_t>& places,
                       std::string& out) const;

 private:
  struct Value {
    std::size_t place;
    schema::Scalar::Kind kind;
    bool flag;
    std::size_t offset, size;
  };
  std::vector<Value> values_;
  std::string texts_;
};

/// Appends a value as JSON.
void append_scalar(const schema::Scalar& value, std::string& out);

}  // namespace troupe::sim
