#pragma once

#include <string>
#include <string_view>

namespace troupe::sim {

/// The target of a request, as its first line has it.
std::string_view target_of(std::string_view request);

/// Adds a Cookie field to a rendered request; false: it has one of its own, which stays.
bool add_cookies(std::string_view cookies, std::string& request);

/// The request that follows a redirect to `target` with this status (RFC 9110 section 15.4): 303 asks with
/// GET (or HEAD), 301 and 302 do so behind POST, and everything else is repeated as it was. `with_cookies`:
/// the request's own are repeated, too. `other_host`: of another server, which does not get what was for the
/// first one: Host, Authorization and Cookie. Empty: it is the same server.
std::string redirected(std::string_view request, int status, std::string_view target, bool with_cookies,
                       std::string_view other_host = {});

}  // namespace troupe::sim
