#pragma once

#include <string>
#include <string_view>

// The statements that read a database's schema as statements that make it again. Each yields one text column
// `sql` and more where said. They are run with an empty search_path, so that every name comes with its
// schema.

namespace troupe::postgres {

/// (oid, kind, name, readable) of the tables whose oids are `{1,2}`, of those that they refer to by foreign
/// keys, and of all partitions of their trees.
std::string chosen_tables_sql(const std::string& oids);

/// (sql) of what must be there before the tables: schemas, extensions, types, functions, sequences.
std::string surroundings_sql(const std::string& oids);
/// (sql) of the tables, then of how partitions hang together.
std::string tables_ddl_sql(const std::string& oids);
/// (sql) of primary, unique and exclusion keys.
std::string keys_ddl_sql(const std::string& oids);
/// (sql) of checks, indexes, foreign keys, statistics objects, owned sequences and comments, in this order.
std::string rest_ddl_sql(const std::string& oids);
/// (name, value) of sequences that have been called.
std::string sequence_values_sql(const std::string& oids);

/// (oid, name, columns, key, rows, bytes) of the tables that hold rows; columns and key are JSON lists of
/// quoted names, rows is -1 where nothing is known.
std::string row_tables_sql(const std::string& oids);
/// (child oid, parent oid, columns, parent's columns, parent's column types) of foreign keys.
std::string foreign_keys_sql(const std::string& oids);
/// (what) of each thing that the tables have and a copy has not: "3 triggers".
std::string left_out_sql(const std::string& oids);
/// (options of CREATE DATABASE, ALTER DATABASE's SET clauses as a JSON list) of this database.
std::string_view database_options_sql();

}  // namespace troupe::postgres
