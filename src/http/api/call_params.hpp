#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>

#include "schema/body.hpp"
#include "schema/query/query.hpp"

namespace troupe::http {

/// Reads the query string of a call: an element for each of the query's parameters, defaults in place of
/// those that are left out. Of a repeated parameter the last one counts; one that the query does not have is
/// a fault, and all faults are told at once, in pydantic's terms. Pure; from any thread.
boost::system::result<std::string, schema::BodyError> parse_call_params(const schema::Query& query,
                                                                        std::string_view raw_query);

}  // namespace troupe::http
