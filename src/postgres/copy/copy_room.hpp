#pragma once

#include <cstdint>
#include <string>

#include "postgres/copy/rows/sample.hpp"
#include "postgres/copy/schema/copy_schema.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// What the copy is likely to take on the server's disk.
std::int64_t expected_bytes(const std::vector<CopiedTable>& tables, const CopyAmount& amount, double share);

/// "1.2 MB"
std::string megabytes(std::int64_t bytes);

/// Error (unavailable) when the server's disk has less than `bytes` left: where that can be known, for a
/// server on this machine whose directory the user may know. Elsewhere PostgreSQL says so when it happens.
Result<void> check_room(CopySession& source, std::int64_t bytes);

}  // namespace troupe::postgres
