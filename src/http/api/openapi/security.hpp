#pragma once

#include <boost/json/object.hpp>
#include <span>

#include "http/server/router.hpp"

namespace troupe::http {

/// Adds to a whole document how one shows who one is, and to each operation whether that is needed.
/// `endpoints`: for which rules were resolved.
void add_security(std::span<const Endpoint> endpoints, boost::json::object& document);

}  // namespace troupe::http
