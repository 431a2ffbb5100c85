#include "postgres/catalogue/run_query.hpp"

#include <boost/json.hpp>
#include <utility>
#include <variant>

namespace troupe::postgres {

Result<Rows> run_query(BlockingSession& session, const std::string& sql, const Params& params) {
  auto outcome = session.run(sql, params);
  if (!outcome) return outcome.error();
  if (auto* error = std::get_if<StatementError>(&*outcome))
    return Error{ErrorCode::invalid_argument, error->message + " (SQLSTATE " + error->sqlstate + ")"};
  return std::move(std::get<Rows>(*outcome));
}

std::vector<std::string> texts_of(std::string_view json) {
  std::vector<std::string> texts;
  const auto parsed = boost::json::parse({json.data(), json.size()});
  for (const auto& value : parsed.as_array()) texts.emplace_back(value.as_string());
  return texts;
}

}  // namespace troupe::postgres
