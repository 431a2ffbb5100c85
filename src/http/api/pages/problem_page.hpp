#pragma once

#include "http/server/request.hpp"
#include "http/server/response.hpp"

namespace troupe::http {

/// Says a problem as a page where the request prefers one (a ProblemForm of the Router); and in every case
/// that the answer depends on Accept.
void show_problem(const Request& request, Response& response);

}  // namespace troupe::http
