#pragma once

#include <chrono>
#include <string>

#include "support/result.hpp"

namespace troupe::postgres {

/// Makes the role `troupe` that the embedded cluster is served as, where it is missing: no superuser, owner
/// of the database and of all that an earlier troupe made in it as superuser, allowed to make checkpoints
/// where PostgreSQL can grant that (since 15). `superuser`: that one's connection string. Blocks, `timeout`
/// at most for each step.
Result<void> prepare_served_role(const std::string& superuser, std::chrono::milliseconds timeout);

}  // namespace troupe::postgres
