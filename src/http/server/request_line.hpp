#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "http/server/request.hpp"

namespace troupe::http {

/// What a prefix of a request line (RFC 9112 section 3) already tells: its target is longer than
/// `target_limit` bytes. Once true it stays true however much of the line is added, so that the verdict does
/// not depend on fragmentation.
bool target_exceeds(std::string_view prefix, std::size_t target_limit);

/// Parses a whole request line, given with its line feed, into method, path, query, host (absolute-form) and
/// http_1_0. Returns why it is refused, if it is: 400, 414 (target), 505 (major version).
std::optional<Rejection> parse_request_line(std::string_view line, std::size_t target_limit,
                                            Request& request);

}  // namespace troupe::http
