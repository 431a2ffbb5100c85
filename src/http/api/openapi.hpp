#pragma once

#include <string>

namespace troupe::http {

/// The OpenAPI 3.1 document of this server, as JSON: built on the first call, the same for ever after.
/// Callable from any thread.
const std::string& openapi_document();

}  // namespace troupe::http
