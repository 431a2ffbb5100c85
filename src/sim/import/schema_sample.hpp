#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/import/json_document.hpp"

namespace troupe::sim {

/// A value as a text of a scenario.
struct SampleText {
  std::string text;
  bool made = false;  ///< it has placeholders, and nothing else that needs care
};

/// What a schema of OpenAPI 3.0 or 3.1 says of one value: itself, what it refers to, all of its allOf, and
/// the first of its oneOf and anyOf that is not null. Points into the document.
class SchemaParts {
 public:
  SchemaParts(const JsonDocument& document, const boost::json::value* schema);

  /// The first that any part says under this key; null: none says it.
  const boost::json::value* find(std::string_view key) const;
  /// The value that a document gives for it: example, examples, const, default or enum; null: none.
  const boost::json::value* given() const;
  /// "string", "object", …; empty: nothing says it.
  std::string_view type() const;
  bool is_required(std::string_view property) const;
  bool knows_required() const;

  struct Property {
    std::string_view name;
    const boost::json::value* schema;
  };
  /// Each name once, `most_properties` at most.
  std::vector<Property> properties() const;
  const boost::json::value* property(std::string_view name) const;
  bool shares_a_part_with(const std::vector<const boost::json::object*>& others) const;
  const std::vector<const boost::json::object*>& parts() const { return parts_; }

 private:
  void collect(const JsonDocument& document, const boost::json::value* schema, int depth);
  std::vector<const boost::json::object*> parts_;
};

/// Makes values for schemas: what the document gives, else what their types let through.
class SchemaSample {
 public:
  explicit SchemaSample(const JsonDocument& document) : document_(document) {}

  /// A body, as JSON with placeholders.
  std::string json(const boost::json::value* schema);
  /// A value of a path, a query, a form or a head; of an array its first. `name` is the parameter's own.
  SampleText text(const boost::json::value* schema, std::string_view name) const;

 private:
  void append(const boost::json::value* schema, std::string_view name, std::string& out);
  void append_object(const SchemaParts& schema, std::string& out);
  void append_array(const SchemaParts& schema, std::string_view name, std::string& out);

  const JsonDocument& document_;
  std::vector<const boost::json::object*> open_;  ///< the parts of schemas that are being written
  std::size_t depth_ = 0;
  std::size_t members_ = 0;  ///< of the body, so far
};

/// A value of a document as a text: of an array its first; empty for an object.
std::string plain_text(const boost::json::value& value);

}  // namespace troupe::sim
