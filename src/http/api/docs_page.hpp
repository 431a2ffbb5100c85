#pragma once

#include <string_view>

namespace troupe::http {

/// The page at /docs: swagger-ui in one HTML text. Its source is web/docs; the build bundles it into this
/// constant (web/bundle.mjs).
struct DocsPage {
  std::string_view html;
  std::string_view script_hash;  ///< SHA-256 in base64, for Content-Security-Policy
  std::string_view hash;         ///< of all of it
};
extern const DocsPage docs_page;

}  // namespace troupe::http
