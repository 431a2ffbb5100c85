#pragma once

#include <boost/json/object.hpp>
#include <span>

#include "postgres/queries/served_query.hpp"

namespace troupe::http {

/// Adds the queries' operations, under their paths.
void add_calls(std::span<const postgres::SharedQuery> queries, boost::json::object& paths);

}  // namespace troupe::http
