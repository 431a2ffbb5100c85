#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "schema/resource.hpp"
#include "sim/material/row_source.hpp"
#include "sim/rows/row_key.hpp"
#include "sim/rows/row_maker.hpp"

namespace troupe::sim {

/// What new rows of a resource must fit. Blocks. At most `sample` rows of each table that it refers to are
/// read.
Result<RowFacts> row_facts(const schema::Resource& resource, RowSource& rows, std::size_t sample,
                           std::uint64_t seed);

/// The keys of rows that exist, `sample` at most. Blocks.
Result<std::vector<RowKey>> existing_keys(const schema::Resource& resource, RowSource& rows,
                                          std::size_t sample);

}  // namespace troupe::sim
