#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/import/draft_names.hpp"
#include "sim/import/openapi_document.hpp"

namespace troupe::sim {

/// The operation that gives users their token, and the JSON Pointer to it in the answer.
struct ApiLogin {
  const ApiOperation* operation = nullptr;
  std::string token;
};

/// The operation that OAuth2's password flow names (RFC 6749 section 4.3), else the POST that looks most like
/// a login: its answer has a token. Nothing: none does.
std::optional<ApiLogin> find_login(const JsonDocument& document, const std::vector<ApiOperation>& operations,
                                   std::string_view base_path);

/// Gives the task the login's body, in which people fill in who they are.
void add_login_body(const JsonDocument& document, const ApiOperation& login, DraftNames& names,
                    DraftTask& task);

}  // namespace troupe::sim
