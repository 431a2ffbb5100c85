#include "http/api/negotiation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>

#include "http/api/pages/page_frame.hpp"
#include "http/server/router.hpp"
#include "support/iequals.hpp"
#include "support/parse.hpp"

namespace troupe::http {
namespace {

constexpr std::string_view json_type = "application/json";
/// application/msgpack is registered; the others are older and still sent.
constexpr std::array<std::string_view, 3> msgpack_types = {"application/msgpack", "application/x-msgpack",
                                                           "application/vnd.msgpack"};

bool is_msgpack(std::string_view type) {
  return std::ranges::any_of(msgpack_types, [&](std::string_view name) { return iequals(type, name); });
}

/// Takes the part before the next separator that is not in a quoted string (RFC 9110 section 5.6.4) off the
/// front of `rest`.
std::string_view take_part(std::string_view& rest, char separator) {
  bool quoted = false;
  std::size_t i = 0;
  for (; i < rest.size() && (quoted || rest[i] != separator); ++i) {
    if (rest[i] == '"') quoted = !quoted;
    if (quoted && rest[i] == '\\') ++i;
  }
  const std::string_view part = rest.substr(0, i);
  rest.remove_prefix(std::min(i + 1, rest.size()));
  return trim(part);
}

struct Parameter {
  std::string_view name;
  std::string value;  ///< without quotes
};

/// `name=value` or `name="value"`.
std::optional<Parameter> parse_parameter(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string_view::npos) return std::nullopt;
  std::string_view value = text.substr(equals + 1);
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') {
    return Parameter{text.substr(0, equals), std::string(value)};
  }
  value = value.substr(1, value.size() - 2);
  Parameter parameter{text.substr(0, equals), {}};
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && i + 1 < value.size()) ++i;
    parameter.value += value[i];
  }
  return parameter;
}

/// The weight among the parameters of a range; 1 when there is none, nullopt when it is no weight.
std::optional<double> parse_quality(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto parameter = parse_parameter(take_part(parameters, ';'));
    if (!parameter || !iequals(parameter->name, "q")) continue;
    const std::string& text = parameter->value;
    double quality = -1;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), quality, std::chars_format::fixed);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && quality >= 0 && quality <= 1 ? std::optional(quality) : std::nullopt;
  }
  return 1.0;
}

/// What an Accept field says of one type: the quality given by its most specific range.
struct Preference {
  AnswerType type;
  double quality = 0;
  int specificity = 0;

  /// Takes the range into account, if it is one of this type.
  void consider(std::string_view range, double range_quality) {
    if (range == "*/*") {
      consider(1, range_quality);
    } else if (iequals(range, type.page ? "text/*" : "application/*")) {
      consider(2, range_quality);
    } else if (iequals(range, type.page ? "text/html" : type.name)) {
      consider(3, range_quality);
    }
  }

 private:
  void consider(int range_specificity, double range_quality) {
    if (range_specificity < specificity) return;
    const bool same = range_specificity == specificity;
    quality = same ? std::max(quality, range_quality) : range_quality;
    specificity = range_specificity;
  }
};

}  // namespace

std::optional<AnswerType> choose_answer_type(std::string_view accept, AnswerForms forms) {
  constexpr AnswerType json{ContentFormat::json, json_type};
  if (accept.empty() || accept == "*/*" || accept == json_type) return json;
  std::array<Preference, 2 + msgpack_types.size()> all{Preference{json}};
  for (std::size_t i = 0; i < msgpack_types.size(); ++i)
    all[1 + i].type = {ContentFormat::msgpack, msgpack_types[i]};
  all.back().type = {ContentFormat::json, page_content_type, true};
  const auto preferences = std::span(all).first(all.size() - (forms == AnswerForms::data ? 1 : 0));
  bool any_range = false;
  while (!accept.empty()) {
    std::string_view range = take_part(accept, ',');
    if (range.empty()) continue;  // a list may have empty elements (RFC 9110 section 5.6.1)
    any_range = true;
    const std::string_view type = take_part(range, ';');
    const auto quality = parse_quality(range);
    if (!quality) continue;
    for (auto& preference : preferences) preference.consider(type, *quality);
  }
  if (!any_range) return json;
  const auto best =
      std::ranges::max_element(preferences, {}, &Preference::quality);  // the first of equal ones
  return best->quality > 0 ? std::optional(best->type) : std::nullopt;
}

std::optional<ContentFormat> read_format(std::string_view content_type) {
  if (content_type == json_type) return ContentFormat::json;
  const std::string_view type = take_part(content_type, ';');
  if (is_msgpack(type)) return ContentFormat::msgpack;
  constexpr std::string_view prefix = "application/";
  constexpr std::string_view suffix = "+json";
  const bool structured = type.size() > prefix.size() + suffix.size() &&
                          iequals(type.substr(0, prefix.size()), prefix) &&
                          iequals(type.substr(type.size() - suffix.size()), suffix);
  if (!structured && !iequals(type, json_type)) return std::nullopt;
  if (iequals(type, "application/json-patch+json")) return std::nullopt;  // RFC 6902: a list of operations
  while (!content_type.empty()) {
    const std::string_view part = take_part(content_type, ';');
    if (part.empty()) continue;
    const auto parameter = parse_parameter(part);
    if (!parameter) return std::nullopt;
    // RFC 8259 section 8.1: JSON between systems is UTF-8; any other claim would be read wrongly.
    if (iequals(parameter->name, "charset") && !iequals(parameter->value, "utf-8")) return std::nullopt;
  }
  return ContentFormat::json;
}

std::string_view content_type_of(ContentFormat format) {
  return format == ContentFormat::json ? json_type : msgpack_types.front();
}

std::optional<Response> choose_format(Exchange& exchange) {
  const auto& endpoint = *exchange.endpoint;
  const bool pages = endpoint.pages != nullptr || endpoint.query != nullptr;
  return choose_format(exchange, pages ? AnswerForms::with_pages : AnswerForms::data);
}

std::optional<Response> choose_format(Exchange& exchange, AnswerForms forms) {
  const auto type = choose_answer_type(exchange.request.accept, forms);
  if (!type) return response_of(not_acceptable());
  exchange.page = type->page;
  exchange.format = type->format;
  exchange.content_type = type->name;
  return std::nullopt;
}

}  // namespace troupe::http
