#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "postgres/wire/blocking_session.hpp"

namespace troupe::postgres {

/// Runs one statement; what PostgreSQL says against it is an Error of one line with its SQLSTATE.
Result<Rows> run_query(BlockingSession& session, const std::string& sql, const Params& params = {});

/// The texts of a JSON array, the form in which statements of the catalogue give lists.
std::vector<std::string> texts_of(std::string_view json);

}  // namespace troupe::postgres
