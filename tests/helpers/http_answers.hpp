#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::tests {

/// Bytes that a server sends, and what a client must make of them.
struct HttpAnswer {
  const char* what;
  std::string bytes;
  int status = 0;       ///< 0: it is refused
  std::string body{};   ///< of it; or, if it is refused, a part of why
  bool keeps = true;    ///< the connection is used again
  bool closes = false;  ///< the server closes behind the bytes
  const char* method = "GET";
};
inline std::ostream& operator<<(std::ostream& out, const HttpAnswer& answer) {
  return out << answer.what;
}

/// The conformance table: RFC 9110 and 9112, from a client's side.
std::vector<HttpAnswer> http_answers();

}  // namespace troupe::tests
