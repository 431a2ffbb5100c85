#include "sim/import/schema_sample.hpp"

#include <algorithm>
#include <set>

#include "sim/import/draft.hpp"
#include "sim/import/draft_names.hpp"
#include "sim/import/scalar_sample.hpp"

namespace troupe::sim {
namespace {

namespace json = boost::json;

constexpr int deepest_reference = 16;      // schemas that name each other
constexpr std::size_t most_parts = 64;     // of one schema
constexpr std::size_t deepest_value = 8;   // objects and arrays in each other
constexpr std::size_t most_members = 300;  // of a body, all together
constexpr std::size_t most_properties = 100;
constexpr std::size_t most_required = 1'000;  // names that are looked at
constexpr std::size_t most_repeats = 10;      // of an array's item

bool is_null_type(const json::value* schema) {
  return as_text(member(schema, "type")) == "null";
}

}  // namespace

SchemaParts::SchemaParts(const JsonDocument& document, const json::value* schema) {
  collect(document, schema, 0);
}

void SchemaParts::collect(const JsonDocument& document, const json::value* schema, int depth) {
  const auto* object = as_object(schema);
  if (object == nullptr || depth > deepest_reference || parts_.size() >= most_parts) return;
  if (std::ranges::find(parts_, object) != parts_.end()) return;
  parts_.push_back(object);
  if (object->contains("$ref")) collect(document, document.resolve(schema), depth + 1);
  if (const auto* all = as_array(object->if_contains("allOf"))) {
    for (const auto& one : *all) collect(document, &one, depth + 1);
  }
  for (const auto* key : {"oneOf", "anyOf"}) {
    const auto* several = as_array(object->if_contains(key));
    if (several == nullptr) continue;
    const auto* first =
        std::ranges::find_if(*several, [](const json::value& one) { return !is_null_type(&one); });
    if (first != several->end()) collect(document, first, depth + 1);
  }
}

const json::value* SchemaParts::find(std::string_view key) const {
  for (const auto* part : parts_) {
    if (const auto* found = part->if_contains(key)) return found;
  }
  return nullptr;
}

const json::value* SchemaParts::given() const {
  if (const auto* example = find("example")) return example;
  if (const auto* examples = as_array(find("examples")); examples != nullptr && !examples->empty())
    return &examples->front();
  if (const auto* constant = find("const")) return constant;
  if (const auto* standard = find("default")) return standard;
  const auto* choices = as_array(find("enum"));
  return choices != nullptr && !choices->empty() ? &choices->front() : nullptr;
}

std::string_view SchemaParts::type() const {
  const auto* said = find("type");
  if (const auto* several = as_array(said)) {  // 3.1
    for (const auto& one : *several) {
      if (as_text(&one) != "null") return as_text(&one);
    }
  }
  if (!as_text(said).empty()) return as_text(said);
  if (find("properties") != nullptr) return "object";
  if (find("items") != nullptr) return "array";
  return {};
}

bool SchemaParts::is_required(std::string_view property) const {
  for (const auto* part : parts_) {
    const auto* required = as_array(part->if_contains("required"));
    const auto count = required == nullptr ? 0 : std::min(required->size(), most_required);
    for (std::size_t i = 0; i < count; ++i) {
      if (as_text(&(*required)[i]) == property) return true;
    }
  }
  return false;
}

bool SchemaParts::knows_required() const {
  return as_array(find("required")) != nullptr;
}

std::vector<SchemaParts::Property> SchemaParts::properties() const {
  std::vector<Property> out;
  std::set<std::string_view> seen;
  for (const auto* part : parts_) {
    const auto* properties = as_object(part->if_contains("properties"));
    if (properties == nullptr) continue;
    for (const auto& property : *properties) {
      if (out.size() == most_properties) return out;
      if (seen.insert(property.key()).second) out.push_back({property.key(), &property.value()});
    }
  }
  return out;
}

const json::value* SchemaParts::property(std::string_view name) const {
  for (const auto* part : parts_) {
    if (const auto* found = member(part->if_contains("properties"), name)) return found;
  }
  return nullptr;
}

bool SchemaParts::shares_a_part_with(const std::vector<const json::object*>& others) const {
  return std::ranges::any_of(
      parts_, [&](const auto* part) { return std::ranges::find(others, part) != others.end(); });
}

std::string SchemaSample::json(const json::value* schema) {
  members_ = 0;
  const SchemaParts parts(document_, schema);
  if (parts.type().empty() && parts.given() == nullptr) return "{}";
  std::string out;
  append(schema, "", out);
  return out;
}

void SchemaSample::append(const json::value* schema, std::string_view name, std::string& out) {
  const SchemaParts parts(document_, schema);
  if (const auto* given = parts.given(); given != nullptr && out.size() < longest_body) {
    out += json_literal(json_text(*given));
    return;
  }
  const auto type = parts.type();
  if (type == "object" || type == "array") {
    if (depth_ == deepest_value || parts.shares_a_part_with(open_)) {  // a schema that contains itself
      out += type == "object" ? "{}" : "[]";
      return;
    }
    ++depth_;
    const auto open_before = open_.size();
    open_.insert(open_.end(), parts.parts().begin(), parts.parts().end());
    type == "object" ? append_object(parts, out) : append_array(parts, name, out);
    open_.resize(open_before);
    --depth_;
  } else if (type == "integer" || type == "number") {
    out += number_sample(parts).text;
  } else if (type == "boolean") {
    out += "true";
  } else if (type == "null") {
    out += "null";
  } else {
    out += '"' + string_sample(parts, name).text + '"';
  }
}

void SchemaSample::append_object(const SchemaParts& schema, std::string& out) {
  out += '{';
  bool first = true;
  for (const auto& [name, property] : schema.properties()) {
    const SchemaParts parts(document_, property);
    const bool required = schema.is_required(name);
    const bool is_own = parts.shares_a_part_with(open_);
    if (is_true(parts.find("readOnly")) || (!required && (is_own || members_ >= most_members))) continue;
    if (members_ >= 2 * most_members) break;  // it asks for too much
    ++members_;
    if (!first) out += ", ";
    first = false;
    out += json_literal(json_text(json::string(name))) + ": ";
    append(property, name, out);
  }
  out += '}';
}

void SchemaSample::append_array(const SchemaParts& schema, std::string_view name, std::string& out) {
  const auto* items = schema.find("items");
  const auto* least = schema.find("minItems");
  const auto wanted = least != nullptr && least->is_int64() ? least->get_int64() : 1;
  const auto count = static_cast<std::size_t>(std::clamp<std::int64_t>(wanted, 1, most_repeats));
  out += '[';
  const bool is_own = SchemaParts(document_, items).shares_a_part_with(open_);
  for (std::size_t i = 0; i < count && items != nullptr && !is_own && members_ < most_members; ++i) {
    ++members_;
    if (i > 0) out += ", ";
    append(items, name, out);
  }
  out += ']';
}

SampleText SchemaSample::text(const json::value* schema, std::string_view name) const {
  const SchemaParts parts(document_, schema);
  if (const auto* given = parts.given()) return {plain_text(*given), false};
  const auto type = parts.type();
  if (type == "integer" || type == "number") return number_sample(parts);
  if (type == "boolean") return {"true", true};
  if (type == "object") return {};
  if (type != "array") return string_sample(parts, name);
  const SchemaParts items(document_, parts.find("items"));
  if (const auto* given = items.given()) return {plain_text(*given), false};
  const bool is_number = items.type() == "integer" || items.type() == "number";
  return is_number ? number_sample(items) : string_sample(items, name);
}

std::string plain_text(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_array()) return value.get_array().empty() ? std::string{} : plain_text(value.get_array()[0]);
  return value.is_object() || value.is_null() ? std::string{} : json_text(value);
}

}  // namespace troupe::sim
