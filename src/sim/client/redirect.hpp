#pragma once

#include <string>
#include <string_view>

#include "support/result.hpp"

namespace troupe::sim {

/// Does an answer with this status lead elsewhere by its Location (RFC 9110 section 15.4)?
bool is_redirect(int status);

/// Where a Location leads from `base`, an absolute URL (RFC 3986 section 5): the target of the next request.
/// It must be of the same origin: users are not led to servers that nobody aimed at, and neither are their
/// cookies and tokens. Error: one line.
Result<std::string> resolve_redirect(std::string_view base, std::string_view location);

}  // namespace troupe::sim
