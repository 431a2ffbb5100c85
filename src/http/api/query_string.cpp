#include "http/api/query_string.hpp"

#include <algorithm>
#include <boost/url/encode.hpp>
#include <boost/url/parse_query.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace troupe::http {

std::optional<std::vector<QueryParameter>> parse_query_string(std::string_view raw) {
  std::vector<QueryParameter> parameters;
  if (raw.empty()) return parameters;
  const auto parsed = boost::urls::parse_query(raw);
  if (!parsed) return std::nullopt;
  boost::urls::encoding_opts form;
  form.space_as_plus = true;
  for (const auto& parameter : *parsed) {
    auto name = parameter.key.decode(form);
    if (name.empty() && !parameter.has_value) continue;  // "&&"
    auto value = parameter.value.decode(form);
    const auto known = std::ranges::find(parameters, name, &QueryParameter::name);
    if (known != parameters.end()) {
      known->value = std::move(value);
    } else {
      parameters.push_back({std::move(name), std::move(value)});
    }
  }
  return parameters;
}

void append_parameter(std::string_view name, std::string_view value, std::string& query) {
  if (!query.empty()) query += '&';
  query += boost::urls::encode(name, boost::urls::unreserved_chars);
  query += '=';
  // Only unreserved characters stay: a plus sign, as in 1e+16, would be read back as a space.
  query += boost::urls::encode(value, boost::urls::unreserved_chars);
}

}  // namespace troupe::http
