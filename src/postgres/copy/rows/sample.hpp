#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "postgres/copy/schema/copy_schema.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// How many rows a copy gets.
struct CopyAmount {
  enum class Kind {
    rows,       ///< of the biggest table so many real ones, of the others in proportion
    share,      ///< such a share of all real ones
    generated,  ///< so many made-up ones in each table
  };
  Kind kind = Kind::rows;
  std::uint64_t rows = 100'000;
  double share = 1;  ///< 0 to 1
};

/// "100000", "10%" or "all". Error: one line.
Result<CopyAmount> read_sample(const std::string& text);

/// What share of the rows that is.
double share_of(const CopyAmount& amount, const std::vector<CopiedTable>& tables);

/// One SELECT per table that yields the sample of its rows, all its columns that can be written. A sample
/// goes by keys: a row that refers to others is in it when the row of the biggest table that it refers to is,
/// so that customers keep all of their orders; else it is chosen by a hash of its key, always the same.
/// Tables of few rows are whole. What else a row refers to may be missing (copy_rows brings it).
std::vector<std::string> sample_queries(const std::vector<CopiedTable>& tables, double share);

}  // namespace troupe::postgres
