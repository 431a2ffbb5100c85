#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <cmath>
#include <utility>

#include "items/body_parser.hpp"
#include "items/codec.hpp"
#include "items/text.hpp"

namespace troupe::items {
namespace {

namespace json = boost::json;

/// Takes the fields of an item out of an object and notes every fault on the way, in pydantic's terms.
class FieldReader {
 public:
  explicit FieldReader(const BodyFields& fields) : fields_(fields) {}

  std::optional<std::string> text(std::string_view field, std::size_t min_length, std::size_t max_length) {
    const json::value* value = find(field);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) return fault(field, "string_type", "must be a string");
    const std::string_view text = value->get_string();
    const TextFacts facts = inspect_text(text);
    if (!facts.valid_utf8) {
      fault(field, "string_unicode", "must be valid Unicode, without lone surrogates");
    } else if (facts.characters < min_length) {
      fault(field, "string_too_short", "must have at least " + characters(min_length));
    } else if (facts.characters > max_length) {
      fault(field, "string_too_long", "must have at most " + characters(max_length));
    }
    if (facts.has_nul) fault(field, "value_error", "must not contain the character U+0000");
    return std::string(text);
  }

  /// Absent, null, or a text.
  std::optional<std::optional<std::string>> optional_text(std::string_view field, std::size_t max_length) {
    const json::value* value = find(field);
    if (value == nullptr) return std::nullopt;
    if (value->is_null()) return std::optional<std::string>();
    if (!value->is_string()) {
      fault(field, "string_type", "must be a string or null");
      return std::nullopt;
    }
    return text(field, 0, max_length);
  }

  std::optional<double> amount(std::string_view field) {
    const json::value* value = find(field);
    if (value == nullptr) return std::nullopt;
    if (!value->is_number()) return fault(field, "float_type", "must be a number");
    const double number = value->to_number<double>();
    if (!std::isfinite(number)) return fault(field, "finite_number", "must be finite");
    if (number < 0) return fault(field, "greater_than_equal", "must be greater than or equal to 0");
    return number + 0.0;  // -0.0 becomes 0.0
  }

  std::optional<bool> flag(std::string_view field) {
    const json::value* value = find(field);
    if (value == nullptr) return std::nullopt;
    if (!value->is_bool()) return fault(field, "bool_type", "must be true or false");
    return value->get_bool();
  }

  void require(std::string_view field) {
    if (find(field) == nullptr) fault(field, "missing", "is required");
  }

  std::vector<FieldFault>& faults() { return faults_; }

 private:
  const json::value* find(std::string_view field) const { return fields_.find(field); }

  std::nullopt_t fault(std::string_view field, std::string_view type, const std::string& rule) {
    faults_.push_back({{"body", std::string(field)}, std::string(field) + ' ' + rule, std::string(type)});
    return std::nullopt;
  }

  static std::string characters(std::size_t count) {
    return std::to_string(count) + (count == 1 ? " character" : " characters");
  }

  const BodyFields& fields_;
  std::vector<FieldFault> faults_;
};

BodyError not_an_object() {
  return {BodyError::Kind::invalid,
          "the body is not an object",
          {{{"body"}, "the body must be an object", "model_attributes_type"}}};
}

enum class Fields { all_required, any };

BodyResult<ItemChange> read_fields(ContentFormat format, std::string_view body, Fields required) {
  // Most bodies fit into this buffer: parsing then allocates nothing.
  std::array<unsigned char, 4096> buffer;
  json::monotonic_resource memory(buffer.data(), buffer.size());
  const ParsedBody parsed = parse_body(format, body, &memory);
  if (!parsed) return BodyError{BodyError::Kind::malformed, parsed.error().detail, {}};
  if (!parsed->is_object()) return not_an_object();

  FieldReader reader(*parsed);
  const bool whole = required == Fields::all_required;
  ItemChange change;
  if (whole) reader.require("name");
  change.name = reader.text("name", 1, max_name_length);
  change.description = reader.optional_text("description", max_description_length);
  if (whole) reader.require("price");
  change.price = reader.amount("price");
  change.in_stock = reader.flag("in_stock");
  if (!reader.faults().empty()) {
    return BodyError{BodyError::Kind::invalid, "the item is not valid", std::move(reader.faults())};
  }
  return change;
}

}  // namespace

ParsedBody parse_body(ContentFormat format, std::string_view body, json::storage_ptr memory) {
  return format == ContentFormat::json ? parse_json(body, std::move(memory))
                                       : parse_msgpack(body, std::move(memory));
}

BodyResult<NewItem> read_new_item(ContentFormat format, std::string_view body) {
  auto fields = read_fields(format, body, Fields::all_required);
  if (!fields) return std::move(fields).error();
  return NewItem{std::move(*fields->name), std::move(fields->description).value_or(std::nullopt),
                 *fields->price, fields->in_stock.value_or(true)};
}

BodyResult<ItemChange> read_item_change(ContentFormat format, std::string_view body) {
  return read_fields(format, body, Fields::any);
}

}  // namespace troupe::items
