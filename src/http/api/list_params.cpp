#include "http/api/list_params.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/parse_query.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "items/number_text.hpp"
#include "items/text.hpp"

namespace troupe::http {
namespace {

using items::BodyError;
using items::ListQuery;
using items::OrderBy;

struct OrderName {
  std::string_view name;
  OrderBy by;
};
constexpr std::array<OrderName, 3> order_names = {
    {{"id", OrderBy::id}, {"name", OrderBy::name}, {"price", OrderBy::price}}};

constexpr std::array<std::string_view, 9> known_names = {
    "limit", "offset", "after", "order", "name", "in_stock", "min_price", "max_price", "count"};

/// The last value of each known parameter, decoded.
class RawParams {
 public:
  /// False: the query is not percent-encoded as RFC 3986 section 3.4 wants it.
  bool parse(std::string_view raw_query) {
    const auto params = boost::urls::parse_query(raw_query);
    if (!params) return false;
    boost::urls::encoding_opts form;
    form.space_as_plus = true;
    for (const auto& param : *params) {
      const auto known = std::ranges::find(known_names, param.key.decode(form));
      if (known == known_names.end()) continue;
      values_[static_cast<std::size_t>(known - known_names.begin())] = param.value.decode(form);
    }
    return true;
  }

  const std::optional<std::string>& operator[](std::string_view name) const {
    return values_[static_cast<std::size_t>(std::ranges::find(known_names, name) - known_names.begin())];
  }

 private:
  std::array<std::optional<std::string>, known_names.size()> values_;
};

/// Turns raw values into typed ones and notes every fault on the way, in pydantic's terms.
class ParamReader {
 public:
  explicit ParamReader(const RawParams& raw) : raw_(raw) {}

  std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max) {
    const auto& text = raw_[name];
    if (!text) return std::nullopt;
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

  std::optional<double> number(std::string_view name) {
    const auto& text = raw_[name];
    if (!text) return std::nullopt;
    const auto value = items::read_number(*text);
    if (!value) return fault(name, "float_parsing", "must be a number");
    if (!std::isfinite(*value)) return fault(name, "finite_number", "must be finite");
    return *value + 0.0;  // -0.0 becomes 0.0
  }

  std::optional<bool> flag(std::string_view name) {
    const auto& text = raw_[name];
    if (!text) return std::nullopt;
    // Any case: Python's str(True) is "True".
    if (*text == "1" || boost::beast::iequals(*text, "true")) return true;
    if (*text == "0" || boost::beast::iequals(*text, "false")) return false;
    return fault(name, "bool_parsing", "must be true, false, 1 or 0");
  }

  std::optional<std::string> text(std::string_view name) {
    const auto& text = raw_[name];
    if (!text) return std::nullopt;
    const items::TextFacts facts = items::inspect_text(*text);
    if (!facts.valid_utf8) return fault(name, "string_unicode", "must be valid UTF-8");
    if (facts.has_nul) return fault(name, "value_error", "must not contain the character U+0000");
    return text;
  }

  void order(ListQuery& query) {
    const auto& text = raw_["order"];
    if (!text) return;
    const bool descending = text->starts_with('-');
    const auto found =
        std::ranges::find(order_names, std::string_view(*text).substr(descending), &OrderName::name);
    if (found == order_names.end()) {
      fault("order", "literal_error", "must be id, name, price, -id, -name or -price");
      return;
    }
    query.order_by = found->by;
    query.descending = descending;
  }

  std::nullopt_t fault(std::string_view name, std::string_view type, const std::string& rule) {
    faults_.push_back({{"query", std::string(name)}, std::string(name) + ' ' + rule, std::string(type)});
    return std::nullopt;
  }

  std::vector<FieldFault>& faults() { return faults_; }

  static constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

 private:
  const RawParams& raw_;
  std::vector<FieldFault> faults_;
};

/// Builds a query string piece by piece.
class QueryWriter {
 public:
  void add(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += '&';
    text_ += name;
    text_ += '=';
    // Only unreserved characters stay: a plus sign, as in 1e+16, would be read back as a space.
    text_ += boost::urls::encode(value, boost::urls::unreserved_chars);
  }
  void add(std::string_view name, std::int64_t value) { add(name, std::to_string(value)); }
  void add(std::string_view name, double value) {
    std::string text;
    items::append_number(value, text);
    add(name, text);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

boost::system::result<ListQuery, BodyError> parse_list_params(std::string_view raw_query) {
  ListQuery query;
  if (raw_query.empty()) return query;
  RawParams raw;
  if (!raw.parse(raw_query)) {
    return BodyError{BodyError::Kind::malformed, "the query string is not correctly percent-encoded", {}};
  }
  ParamReader reader(raw);
  query.limit = reader.integer("limit", 1, items::max_limit).value_or(query.limit);
  query.offset = reader.integer("offset", 0, ParamReader::highest).value_or(query.offset);
  query.after = reader.integer("after", ParamReader::lowest, ParamReader::highest);
  reader.order(query);
  if (query.after && query.order_by != OrderBy::id) {
    reader.fault("after", "value_error", "is only allowed with order id or -id");
  }
  if (query.after && query.offset != 0) {
    reader.fault("after", "value_error", "is not allowed together with offset");
  }
  query.name = reader.text("name");
  query.in_stock = reader.flag("in_stock");
  query.min_price = reader.number("min_price");
  query.max_price = reader.number("max_price");
  query.count = reader.flag("count").value_or(false);
  if (!reader.faults().empty()) {
    return BodyError{BodyError::Kind::malformed, "the query string is not valid", std::move(reader.faults())};
  }
  return query;
}

std::string next_link_query(const ListQuery& query, const items::ItemPage& page) {
  QueryWriter writer;
  writer.add("limit", query.limit);
  if (query.order_by == OrderBy::id && query.offset == 0 && !page.items.empty()) {
    writer.add("after", page.items.back().id);
  } else {
    writer.add("offset", query.offset + static_cast<std::int64_t>(page.items.size()));
  }
  if (query.order_by != OrderBy::id || query.descending) {
    const auto order = std::ranges::find(order_names, query.order_by, &OrderName::by);
    writer.add("order", (query.descending ? "-" : "") + std::string(order->name));
  }
  if (query.name) writer.add("name", *query.name);
  if (query.in_stock) writer.add("in_stock", *query.in_stock ? "true" : "false");
  if (query.min_price) writer.add("min_price", *query.min_price);
  if (query.max_price) writer.add("max_price", *query.max_price);
  if (query.count) writer.add("count", "true");
  return writer.take();
}

}  // namespace troupe::http
