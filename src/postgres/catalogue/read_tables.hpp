#pragma once

#include <optional>
#include <string>
#include <vector>

#include "postgres/wire/blocking_session.hpp"
#include "schema/file/declared_table.hpp"
#include "schema/resource.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// A table or view as the catalogue describes it to this user.
struct CatalogueTable {
  std::string asked;  ///< the quoted name that it was asked for by; empty when all were asked for
  /// Not settled: the file may say more. Its key is the primary key, its columns those that may be read.
  schema::Resource resource;
  schema::TableFacts facts{};
};

/// Which tables: each of these quoted names; absent: every table with a primary key that an unqualified name
/// finds (current_schemas(false)), partitions, views and tables of extensions left out.
using TableNames = std::optional<std::vector<std::string>>;

/// Reads what PostgreSQL's catalogue knows of them, in few statements for all; what does not exist is left
/// out. Ordered by schema and name. Blocks, for start-up and reloads. Versions 13 to 17 have the catalogues
/// that it reads in one form; only 15 is tested.
Result<std::vector<CatalogueTable>> read_tables(BlockingSession& session, const TableNames& names);

/// The names of all tables and views that this user can find without a schema, for suggestions.
Result<std::vector<std::string>> visible_tables(BlockingSession& session);

}  // namespace troupe::postgres
