#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "postgres/catalogue/resource_statements.hpp"
#include "postgres/queries/load_queries.hpp"
#include "schema/query/query.hpp"
#include "schema/row_writer.hpp"

namespace troupe::postgres {

/// A query with all that serving it needs, made once and shared by connection actors, database actors and
/// users. Immutable; lives as long as anything that was asked of it.
struct ServedQuery {
  /// `slot`: its place among the queries that are served together. `version` tells it from those of its name
  /// that are served no more.
  ServedQuery(LoadedQuery loaded, std::size_t at, std::uint64_t version);
  /// Statements that are one transaction; at least one. A call has the parameters of all, one after the
  /// other, and the answer is the last one's.
  ServedQuery(const std::vector<LoadedQuery>& transaction, std::uint64_t version);
  ServedQuery(const ServedQuery&) = delete;
  ServedQuery& operator=(const ServedQuery&) = delete;

  const schema::Query query;
  const std::size_t slot;
  const std::vector<BatchStatement> before{};  ///< of a transaction: all but its last one
  const BatchStatement one;                    ///< one call
  const BatchStatement many;                   ///< many calls: an array for each parameter
  const schema::RowShape shape;                ///< of an answer's rows
};

using SharedQuery = std::shared_ptr<const ServedQuery>;

/// Queries that are served together, in this order. Every call makes a version of its own.
std::vector<SharedQuery> serve_queries(std::vector<LoadedQuery> queries);
/// The statements of one transaction, as a query of its own.
SharedQuery serve_transaction(const std::vector<LoadedQuery>& statements);

}  // namespace troupe::postgres
