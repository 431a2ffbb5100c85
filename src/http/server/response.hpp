#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/server/problem.hpp"

namespace troupe::http {

/// A final response before it becomes bytes.
struct Response {
  int status = 200;
  std::string_view content_type;  ///< of static storage; empty when there is no body
  std::string fields;             ///< further fields as "Name: value\r\n" lines
  std::string body;
  /// Instead of `body`: what several answers share, without a copy for each.
  std::shared_ptr<const std::string> shared_body{};
  /// What the body says, when it is a problem: for who says it in another form.
  std::shared_ptr<const Problem> problem{};
};

/// A problem as a response, with the fields that belong to it (Retry-After).
Response response_of(const Problem& problem);

/// Says that the answer is for who asked only, where it says nothing of caches yet (RFC 9111
/// section 5.2.2.7): a key in a field that caches do not know would not keep it from them.
void keep_from_shared_caches(Response& response);

}  // namespace troupe::http
