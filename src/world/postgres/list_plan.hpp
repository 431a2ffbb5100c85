#pragma once

#include <cstddef>
#include <vector>

#include "postgres/wire/params.hpp"
#include "postgres/wire/rows.hpp"
#include "schema/list_query.hpp"
#include "schema/resource.hpp"
#include "world/postgres/model_settings.hpp"
#include "world/postgres/table.hpp"

namespace troupe::world {

/// A shape of lists. Text is ordered by its bytes, as the collation "C" does.
class ListPlan {
 public:
  /// `shown`: as ListStatement has it.
  ListPlan(const schema::ListQuery& query, std::vector<std::size_t> shown);

  /// What PostgreSQL answers, with the values, limit and offset of `params`. `reader`: whose changes are
  /// seen, or null.
  postgres::Rows run(const Table& table, const postgres::Params& params, const Transaction* reader) const;

 private:
  bool matches(const schema::Resource& resource, const Cells& row, const postgres::Params& params) const;
  bool is_behind(const schema::Resource& resource, const Cells& row, const postgres::Params& params) const;
  void sort(const schema::Resource& resource, std::vector<const Cells*>& rows) const;

  schema::ListQuery query_;
  std::vector<std::size_t> shown_;
  std::vector<bool> after_nulls_;  ///< of the order's terms: `after` has null there
  std::size_t filter_params_ = 0;  ///< how many params the filters take
};

}  // namespace troupe::world
