#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "postgres/wire/params.hpp"
#include "postgres/wire/pipeline.hpp"
#include "postgres/wire/rows.hpp"
#include "schema/list_query.hpp"
#include "schema/resource.hpp"

namespace troupe::postgres {

/// A list statement and how its answer is read.
struct ListStatement {
  Statement statement;
  std::size_t first_column =
      0;  ///< of the shown ones; before them with `count`: the total, and the row's place
  std::vector<std::size_t> shown{};  ///< places of the columns, in the answer's order: the fields, then the
                                     ///< rest of the order's
};

/// The statement for this query's shape, and its parameters appended to `params`. Returns limit + 1 rows, so
/// that a full page knows whether another follows; with `count` one row at least comes back, whose place is
/// null when it is no row.
ListStatement list_statement(const schema::Resource& resource, const schema::ListQuery& query,
                             Params& params);

}  // namespace troupe::postgres
