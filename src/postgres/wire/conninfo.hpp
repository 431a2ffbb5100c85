#pragma once

#include <string>

#include "support/result.hpp"

// Connection strings made of another one: as key='value' pairs, with its password. Error (invalid_argument):
// it is malformed.

namespace troupe::postgres {

/// For another database of the same server.
Result<std::string> with_database(const std::string& conninfo, const std::string& database);

/// For sessions that only read, whatever they are told: default_transaction_read_only, beside the options
/// that it has.
Result<std::string> read_only(const std::string& conninfo);

}  // namespace troupe::postgres
