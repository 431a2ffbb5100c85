#include "postgres/queries/served_query.hpp"

#include <spdlog/fmt/fmt.h>

#include <atomic>
#include <utility>

namespace troupe::postgres {
namespace {

BatchStatement statement(const LoadedQuery& loaded, std::string name, const std::string& sql) {
  BatchStatement made{{std::move(name), sql}, {}};
  for (const auto& column : loaded.query.parameters.columns) made.params.push_back(column.wire_form());
  return made;
}

schema::Query joined(const std::vector<LoadedQuery>& transaction) {
  auto all = transaction.back().query;
  all.text.names.clear();
  all.parameters.columns.clear();
  all.defaults.clear();
  all.proven_read_only = true;
  for (const auto& [query, one_sql, many_sql] : transaction) {
    const auto add = [](const auto& from, auto& to) { to.insert(to.end(), from.begin(), from.end()); };
    add(query.text.names, all.text.names);
    add(query.parameters.columns, all.parameters.columns);
    add(query.defaults, all.defaults);
    all.write = all.write || query.write;
    all.proven_read_only = all.proven_read_only && query.proven_read_only;
  }
  all.parameters.finish();
  return all;
}

std::vector<BatchStatement> all_but_the_last(const std::vector<LoadedQuery>& transaction,
                                             std::uint64_t version) {
  std::vector<BatchStatement> statements;
  for (std::size_t i = 0; i + 1 < transaction.size(); ++i)
    statements.push_back(
        statement(transaction[i], fmt::format("t{}_{}", version, i), transaction[i].one_sql));
  return statements;
}

std::uint64_t new_version() {
  static std::atomic<std::uint64_t> versions{0};
  return versions.fetch_add(1) + 1;
}

}  // namespace

ServedQuery::ServedQuery(LoadedQuery loaded, std::size_t at, std::uint64_t version)
    : query(loaded.query),
      slot(at),
      one(statement(loaded, fmt::format("q{}v{}_one", at, version), loaded.one_sql)),
      many(statement(loaded, fmt::format("q{}v{}_many", at, version), loaded.many_sql)),
      shape(query.rows) {}

ServedQuery::ServedQuery(const std::vector<LoadedQuery>& transaction, std::uint64_t version)
    : query(joined(transaction)),
      slot(0),
      before(all_but_the_last(transaction, version)),
      one(statement(transaction.back(), fmt::format("t{}_last", version), transaction.back().one_sql)),
      shape(query.rows) {}

std::vector<SharedQuery> serve_queries(std::vector<LoadedQuery> queries) {
  const auto version = new_version();
  std::vector<SharedQuery> served;
  for (auto& loaded : queries)
    served.push_back(std::make_shared<const ServedQuery>(std::move(loaded), served.size(), version));
  return served;
}

SharedQuery serve_transaction(const std::vector<LoadedQuery>& statements) {
  return std::make_shared<const ServedQuery>(statements, new_version());
}

}  // namespace troupe::postgres
