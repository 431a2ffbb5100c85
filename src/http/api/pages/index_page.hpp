#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/server/router.hpp"

namespace troupe::http {

/// What there is at this server, as JSON: an object with the lists `resources`, `queries` and `server` of
/// objects with name, path, url and methods. `base_url`: where
/// the client found this server; empty: urls are paths.
/// `roles`: of who asks, who is told what they allow.
std::string index_json(const Router& router, std::string_view base_url, std::uint64_t roles);

/// The same as a page.
std::string index_page(const Router& router, std::uint64_t roles);

}  // namespace troupe::http
