#include "http/api/call_params.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "http/api/query_string.hpp"
#include "support/suggest.hpp"

namespace troupe::http {
namespace {

using schema::BodyError;
using schema::Query;

FieldFault unknown_parameter(const Query& query, const std::string& name) {
  const std::vector<std::string_view> known(query.text.names.begin(), query.text.names.end());
  auto message = name + " is no parameter of this query";
  if (const auto near = nearest(name, known); !near.empty())
    message += ": did you mean " + std::string(near) + "?";
  else
    message += known.empty() ? ", which has none" : ": there is " + list_words(known);
  return {{"query", name}, std::move(message), "extra_forbidden"};
}

}  // namespace

boost::system::result<std::string, BodyError> parse_call_params(const Query& query,
                                                                std::string_view raw_query) {
  const auto given = parse_query_string(raw_query);
  if (!given)
    return BodyError{BodyError::Kind::malformed, "the query string is not correctly percent-encoded", {}};
  std::string elements;
  std::vector<FieldFault> faults;
  const auto& columns = query.parameters.columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto& name = columns[i].name;
    const auto found = std::ranges::find(*given, name, &QueryParameter::name);
    if (found != given->end()) {
      if (auto wrong = schema::parse_parameter(columns[i], found->value, elements))
        faults.push_back({{"query", name}, name + ' ' + wrong->rule, wrong->type});
    } else if (!query.defaults[i].empty()) {
      elements += query.defaults[i];
    } else {
      faults.push_back({{"query", name}, name + " is missing", "missing"});
    }
  }
  for (const auto& parameter : *given) {
    if (!query.parameters.find(parameter.name)) faults.push_back(unknown_parameter(query, parameter.name));
  }
  if (faults.empty()) return elements;
  return BodyError{BodyError::Kind::malformed, "the query string is not valid", std::move(faults)};
}

}  // namespace troupe::http
