#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "postgres/copy/copy_session.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// A foreign key between two tables that hold rows. Columns are quoted.
struct CopiedReference {
  std::size_t parent = 0;  ///< place in CopySchema::tables
  std::vector<std::string> columns, parent_columns;
  std::vector<std::string> types;  ///< of the parent's columns, as a cast names them
};

/// A table whose rows are copied: partitions are part of theirs. Names are quoted and have their schema.
struct CopiedTable {
  std::string oid;
  std::string name;
  std::vector<std::string> columns;  ///< that can be written: all but generated ones
  std::vector<std::string> key;      ///< the primary key's
  std::int64_t rows = 0;             ///< PostgreSQL's estimate, or counted where it has none
  std::int64_t bytes = 0;            ///< with its indexes
  std::vector<CopiedReference> references{};
};

/// A part of a database's schema as statements that make it again in an empty database.
struct CopySchema {
  std::string database;                ///< the source's name
  std::string options;                 ///< of CREATE DATABASE: encoding and collation
  std::vector<std::string> settings;   ///< of the database: what ALTER DATABASE … SET takes
  std::vector<std::string> before;     ///< all that rows need
  std::vector<std::string> keys;       ///< primary and unique keys: once the first rows are there
  std::vector<std::string> after;      ///< checks, indexes, foreign keys and the rest: once all are there
  std::vector<std::string> sequences;  ///< sets them to where they stand
  std::vector<CopiedTable> tables;
  std::vector<std::string> left_out;  ///< for people: what the tables have and a copy has not
  bool owned = false;                 ///< the user may use the source as a template
  bool may_create = false;            ///< the user may create databases
  std::string user;

  std::int64_t bytes() const;
};

/// Reads what these tables need to be made again: they, what they refer to by foreign keys, their types,
/// sequences, functions in defaults and checks, and extensions. `tables`: quoted names ready for SQL, as the
/// user's search_path finds them. Leaves `source` in a read-only transaction whose snapshot the rows are to
/// be read in, with an empty search_path. Error: invalid_argument where a table cannot be copied.
Result<CopySchema> read_copy_schema(CopySession& source, const std::vector<std::string>& tables);

}  // namespace troupe::postgres
