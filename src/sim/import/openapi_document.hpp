#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/import/json_document.hpp"

// An OpenAPI document (3.0 or 3.1) as a list of operations. All of it points into the JSON document.

namespace troupe::sim {

/// A parameter of an operation: what its `in` says is its place.
struct ApiParameter {
  std::string_view name, place;
  bool required = false;
  const boost::json::value* schema = nullptr;
  const boost::json::value* example = nullptr;  ///< null: the schema's, if it has one
};

/// A body of a request or a response, in the first of its forms that we know.
struct ApiBody {
  std::string_view type;  ///< its media type; empty: it has none that we know
  const boost::json::value* schema = nullptr;
  const boost::json::value* example = nullptr;
  bool is_form() const;
};

/// How an operation wants to know who asks.
struct ApiSecurity {
  enum class Kind { none, bearer, basic, header, query, cookie, unknown };
  Kind kind = Kind::none;
  std::string_view name;  ///< of the header, the parameter or the cookie
  bool operator==(const ApiSecurity&) const = default;
};

struct ApiOperation {
  std::string method;     ///< in capitals
  std::string_view path;  ///< as the document has it: /orders/{id}
  std::string_view summary, operation_id;
  bool deprecated = false;
  std::vector<ApiParameter> parameters;
  std::optional<ApiBody> body;     ///< of the request; absent: it has none
  std::optional<ApiBody> answer;   ///< of the first 2xx; absent: it has none
  std::optional<ApiSecurity> who;  ///< absent: the document does not say
};

/// A part of a path: a text, or the name of a parameter.
struct PathPart {
  std::string_view text;
  bool is_parameter = false;
};
std::vector<PathPart> path_parts(std::string_view path);

/// The document's operations in its order. Methods beside GET, POST, PUT, PATCH and DELETE, and paths of more
/// than 2,000 bytes, are left out.
std::vector<ApiOperation> api_operations(const JsonDocument& document);

/// The path of its first server, "" or "/api/v1", percent-encoded.
std::string api_base_path(const JsonDocument& document);

/// Where OAuth2's password flow gets its tokens, as the document has it; empty: it has none.
std::string_view api_token_url(const JsonDocument& document);

}  // namespace troupe::sim
