#pragma once

#include <string>
#include <string_view>

#include "http/server/router.hpp"

namespace troupe::http {

/// What there is at this server, as JSON: an object with the lists `resources`, `queries` and `server` of
/// objects with name, path, url and methods. `host`: as the client names this server; empty: urls are paths.
std::string index_json(const Router& router, std::string_view host);

/// The same as a page.
std::string index_page(const Router& router);

}  // namespace troupe::http
