#include <memory>
#include <string>

#include "http/api/docs_page.hpp"
#include "http/api/endpoints/endpoints.hpp"
#include "http/api/row_version.hpp"
#include "http/browser/security_fields.hpp"

namespace troupe::http {
namespace {

/// The page may run its own script and talk to this server, and nothing else.
std::string fields_of_page(const std::string& tag) {
  return "ETag: " + tag +
         "\r\nCache-Control: no-cache\r\n"
         "Content-Security-Policy: default-src 'none'; connect-src 'self'; img-src data:; "
         "style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'; "
         "frame-ancestors 'none'\r\n" +
         std::string(page_security_fields);
}

}  // namespace

Step begin_docs(Exchange& exchange, const ServerContext&) {
  static const auto tag = '"' + std::string(docs_page.html.hash) + '"';
  static const auto fields = fields_of_page(tag);
  if (names_tag(exchange.request.if_none_match, tag)) return Response{304, {}, fields, {}, {}};
  return Response{200, "text/html; charset=utf-8", fields, std::string(docs_page.html.text)};
}

}  // namespace troupe::http
