#include "http/api/list_params.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "http/api/cursor.hpp"
#include "http/api/lookups.hpp"
#include "http/api/query_string.hpp"
#include "schema/element.hpp"
#include "schema/text.hpp"
#include "support/iequals.hpp"
#include "support/suggest.hpp"

namespace troupe::http {
namespace {

using schema::BodyError;
using schema::Column;
using schema::Filter;
using schema::ListQuery;
using schema::Lookup;
using schema::Resource;
using schema::TypeKind;

/// The columns that `fields` names: "a,b".
boost::system::result<std::vector<std::size_t>, FieldFault> parse_fields(const Resource& resource,
                                                                         std::string_view text) {
  std::vector<std::size_t> places;
  while (true) {
    const auto comma = text.find(',');
    const auto place = resource.find(text.substr(0, comma));
    if (!place) {
      std::vector<std::string_view> known;
      for (const auto& column : resource.columns) known.push_back(column.name);
      return FieldFault{{"query", "fields"},
                        "fields must be " + list_words(known) + ", with commas between",
                        "literal_error"};
    }
    if (std::ranges::find(places, *place) == places.end()) places.push_back(*place);
    if (comma == std::string_view::npos) return places;
    text.remove_prefix(comma + 1);
  }
}

/// Turns parameters into a query and notes every fault on the way, in pydantic's terms.
class ListReader {
 public:
  ListReader(const Resource& resource, const std::vector<QueryParameter>& parameters,
             std::uint64_t max_offset)
      : resource_(resource), parameters_(parameters), max_offset_(max_offset) {
    query_.limit = resource.default_limit;
  }

  ListQuery& read() {
    const auto limit = integer("limit", 1, resource_.max_limit);
    query_.limit = limit.value_or(query_.limit);
    read_offset();
    read_order();
    read_after();
    if (const auto* fields = find("fields")) {
      if (auto places = parse_fields(resource_, *fields)) {
        query_.fields = std::move(*places);
      } else {
        add(places.error());
      }
    }
    query_.count = flag("count").value_or(false);
    for (const auto& parameter : parameters_) {
      if (std::ranges::find(reserved_names, parameter.name) == reserved_names.end()) read_filter(parameter);
    }
    return query_;
  }

  std::vector<FieldFault>& faults() { return faults_; }

  static constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

 private:
  const std::string* find(std::string_view name) const {
    const auto found = std::ranges::find(parameters_, name, &QueryParameter::name);
    return found == parameters_.end() ? nullptr : &found->value;
  }

  std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max) {
    const auto* text = find(name);
    if (text == nullptr) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error == std::errc::invalid_argument || end != text->data() + text->size()) {
      return fault(name, "int_parsing", "must be an integer");
    }
    if (error == std::errc::result_out_of_range) value = text->front() == '-' ? lowest : highest;
    if (value < min) {
      return fault(name, "greater_than_equal", "must be greater than or equal to " + std::to_string(min));
    }
    if (value > max || error == std::errc::result_out_of_range) {
      return fault(name, "less_than_equal", "must be less than or equal to " + std::to_string(max));
    }
    return value;
  }

  /// PostgreSQL reads all that is skipped, each time.
  void read_offset() {
    const auto offset = integer("offset", 0, highest);
    if (!offset) return;
    if (static_cast<std::uint64_t>(*offset) <= max_offset_) {
      query_.offset = *offset;
      return;
    }
    std::string rule = "must be less than or equal to " + std::to_string(max_offset_);
    if (!resource_.key.empty()) rule += ": to go further use after, as the Link of a page says it";
    fault("offset", "less_than_equal", rule);
  }

  std::optional<bool> flag(std::string_view name) {
    const auto* text = find(name);
    if (text == nullptr) return std::nullopt;
    // Any case: Python's str(True) is "True".
    if (*text == "1" || iequals(*text, "true")) return true;
    if (*text == "0" || iequals(*text, "false")) return false;
    return fault(name, "bool_parsing", "must be true, false, 1 or 0");
  }

  void read_order() {
    const auto* text = find("order");
    std::string_view rest = text == nullptr ? std::string_view() : *text;
    while (text != nullptr) {
      const auto comma = rest.find(',');
      add_order(rest.substr(0, comma));
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
    const bool descending = !query_.order.empty() && query_.order.back().descending;
    for (const auto place : resource_.key) {  // ties: pages must not overlap
      if (!orders_by(place)) query_.order.push_back({place, descending});
    }
  }

  bool orders_by(std::size_t place) const {
    return std::ranges::find(query_.order, place, &schema::OrderTerm::place) != query_.order.end();
  }

  void add_order(std::string_view name) {
    const bool descending = name.starts_with('-');
    const auto place = resource_.find(name.substr(descending ? 1 : 0));
    if (place && may_order(resource_, resource_.columns[*place])) {
      // A second mention decides nothing: the statement has no more terms than there are columns.
      if (!orders_by(*place)) query_.order.push_back({*place, descending});
      return;
    }
    std::vector<std::string_view> allowed;
    for (const auto& column : resource_.columns) {
      if (may_order(resource_, column)) allowed.push_back(column.name);
    }
    fault("order", "literal_error",
          "must be " + list_words(allowed) + ", each with or without a minus sign before it");
  }

  void read_after() {
    const auto* text = find("after");
    if (text == nullptr) return;
    if (resource_.key.empty()) {
      fault("after", "value_error", "is not allowed: these rows have no key");
      return;
    }
    if (query_.offset != 0) fault("after", "value_error", "is not allowed together with offset");
    query_.after = read_cursor(resource_, query_.order, *text);
    if (query_.after) return;
    if (is_number_cursor(resource_, query_.order)) {
      fault("after", "int_parsing", "must be an integer");
    } else {
      fault("after", "value_error", "must be what the Link of a page in this order says");
    }
  }

  void read_filter(const QueryParameter& parameter) {
    if (resource_.lenient && (parameter.name == "min_price" || parameter.name == "max_price")) {
      const auto price = resource_.find("price");
      if (price) add_filter(parameter, *price, parameter.name == "min_price" ? Lookup::gte : Lookup::lte);
      return;
    }
    if (const auto place = resource_.find(parameter.name))
      return add_filter(parameter, *place, Lookup::exact);
    const auto underscores = parameter.name.rfind("__");
    if (underscores != std::string::npos) {
      const auto place = resource_.find(parameter.name.substr(0, underscores));
      const auto lookup = std::ranges::find(
          lookup_names, std::string_view(parameter.name).substr(underscores + 2), &LookupName::suffix);
      if (place && lookup != lookup_names.end()) return add_filter(parameter, *place, lookup->lookup);
    }
    if (resource_.lenient) return;
    std::vector<std::string_view> known(reserved_names.begin(), reserved_names.end());
    for (const auto& column : resource_.columns) known.push_back(column.name);
    const auto near = nearest(parameter.name, known);
    fault(parameter.name, "extra_forbidden",
          near.empty() ? "is no parameter and no column"
                       : "is no parameter and no column: is it " + std::string(near) + "?");
  }

  void add_filter(const QueryParameter& parameter, std::size_t place, Lookup lookup) {
    const auto& column = resource_.columns[place];
    if (!may_filter(resource_, column)) {
      fault(parameter.name, "value_error", "is not a column that may be filtered by");
      return;
    }
    Filter filter{place, lookup, {}, 1, false};
    if (lookup == Lookup::isnull) {
      const auto wanted = flag(parameter.name);
      if (!wanted) return;
      filter.wants_null = *wanted;
      filter.count = 0;
    } else if (is_pattern(lookup)) {
      if (column.type.kind != TypeKind::text) {
        fault(parameter.name, "value_error", "is only allowed of a column of text");
        return;
      }
      if (!is_text(parameter)) return;
      schema::append_text_element(parameter.value, filter.elements);
    } else if (!is_comparable(column)) {
      fault(parameter.name, "value_error", "is not a column that may be compared, only column__isnull");
      return;
    } else if (!read_values(parameter, column, filter)) {
      return;
    }
    query_.filters.push_back(std::move(filter));
  }

  bool is_text(const QueryParameter& parameter) {
    const auto facts = schema::inspect_text(parameter.value);
    if (!facts.valid_utf8) fault(parameter.name, "string_unicode", "must be valid UTF-8");
    if (facts.has_nul) fault(parameter.name, "value_error", "must not contain the character U+0000");
    return facts.valid_utf8 && !facts.has_nul;
  }

  /// One value, or several with commas between.
  bool read_values(const QueryParameter& parameter, const Column& column, Filter& filter) {
    std::string_view rest = parameter.value;
    filter.count = 0;
    while (true) {
      const auto comma = filter.lookup == Lookup::in ? rest.find(',') : std::string_view::npos;
      if (const auto wrong = column.codec->parse(rest.substr(0, comma), column, filter.elements)) {
        fault(parameter.name, wrong->type, wrong->rule);
        return false;
      }
      ++filter.count;
      if (comma == std::string_view::npos) return true;
      rest.remove_prefix(comma + 1);
    }
  }

  std::nullopt_t fault(std::string_view name, std::string_view type, const std::string& rule) {
    add({{"query", std::string(name)}, std::string(name) + ' ' + rule, std::string(type)});
    return std::nullopt;
  }
  void add(FieldFault fault) { faults_.push_back(std::move(fault)); }

  const Resource& resource_;
  const std::vector<QueryParameter>& parameters_;
  const std::uint64_t max_offset_;
  ListQuery query_;
  std::vector<FieldFault> faults_;
};

BodyError not_encoded() {
  return {BodyError::Kind::malformed, "the query string is not correctly percent-encoded", {}};
}

}  // namespace

boost::system::result<ListQuery, BodyError> parse_list_params(const Resource& resource,
                                                              std::string_view raw_query,
                                                              std::uint64_t max_offset) {
  const auto parameters = parse_query_string(raw_query);
  if (!parameters) return not_encoded();
  ListReader reader(resource, *parameters, max_offset);
  auto& query = reader.read();
  if (!reader.faults().empty()) {
    return BodyError{BodyError::Kind::malformed, "the query string is not valid", std::move(reader.faults())};
  }
  return std::move(query);
}

std::string next_link_query(const Resource& resource, std::string_view raw_query,
                            const actors::ListAnswer& page, std::uint64_t max_offset) {
  const auto& query = page.query();
  const auto offset = query.offset + page.rows();
  const bool too_far = static_cast<std::uint64_t>(offset) > max_offset;
  std::string next;
  append_parameter("limit", std::to_string(query.limit), next);
  if ((query.offset == 0 || too_far) && !query.order.empty() && page.rows() > 0) {
    append_parameter("after", write_cursor(resource, query.order, page.cursor()), next);
  } else if (too_far) {
    return {};
  } else {
    append_parameter("offset", std::to_string(offset), next);
  }
  // It was found valid before.
  for (const auto& parameter : parse_query_string(raw_query).value_or(std::vector<QueryParameter>{})) {
    if (parameter.name == "limit" || parameter.name == "after" || parameter.name == "offset") continue;
    append_parameter(parameter.name, parameter.value, next);
  }
  return next;
}

boost::system::result<std::vector<std::size_t>, BodyError> parse_row_params(const Resource& resource,
                                                                            std::string_view raw_query) {
  const auto parameters = parse_query_string(raw_query);
  if (!parameters && resource.lenient) return std::vector<std::size_t>{};
  if (!parameters) return not_encoded();
  std::vector<std::size_t> fields;
  std::vector<FieldFault> faults;
  for (const auto& parameter : *parameters) {
    if (parameter.name == "fields" && !parameter.value.empty()) {
      if (auto places = parse_fields(resource, parameter.value)) {
        fields = std::move(*places);
      } else {
        faults.push_back(places.error());
      }
    } else if (parameter.name != "fields" && !resource.lenient) {
      faults.push_back({{"query", parameter.name},
                        parameter.name + " is no parameter of a row: fields is",
                        "extra_forbidden"});
    }
  }
  if (!faults.empty())
    return BodyError{BodyError::Kind::malformed, "the query string is not valid", std::move(faults)};
  return fields;
}

}  // namespace troupe::http
