#pragma once

#include <libpq-fe.h>

#include <string>
#include <string_view>

#include "support/result.hpp"

namespace troupe::postgres {

/// libpq's messages end with newlines and can have several lines: joined to one, without trailing period.
std::string one_line(std::string_view text);

/// The error for a connection that is lost or could not be made: what libpq says about it. libpq never prints
/// the password.
Error connection_error(const PGconn* connection);

}  // namespace troupe::postgres
