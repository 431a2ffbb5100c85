#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>

#include "items/codec.hpp"
#include "items/list_query.hpp"

namespace troupe::http {

/// Reads the query string of GET /items/ (as received, without the question mark; `+` is a space, as browsers
/// send it). Unknown parameters are ignored, of a repeated one the last counts. The error is of kind
/// malformed (400) and lists all faults, loc {"query", name}.
boost::system::result<items::ListQuery, items::BodyError> parse_list_params(std::string_view raw_query);

/// The query string, percent-encoded, of the page after `page`, which `query` was answered with and which has
/// `more`. By id it goes on after the last id (fast at any depth, and stable while rows come and go), else,
/// or when the client counts by offset, by offset.
std::string next_link_query(const items::ListQuery& query, const items::ItemPage& page);

}  // namespace troupe::http
