#include <memory>
#include <string>

#include "http/api/docs_page.hpp"
#include "http/api/endpoints/endpoints.hpp"
#include "http/api/row_version.hpp"

namespace troupe::http {
namespace {

/// The page may run its own script and talk to this server, and nothing else. Its styles are everywhere in
/// its markup.
std::string fields_of_page(const std::string& tag) {
  return "ETag: " + tag +
         "\r\nCache-Control: no-cache\r\n"
         "Content-Security-Policy: default-src 'none'; connect-src 'self'; img-src data:; "
         "style-src 'unsafe-inline'; script-src 'sha256-" +
         std::string(docs_page.script_hash) +
         "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n";
}

}  // namespace

Step begin_docs(Exchange& exchange, const ServerContext&) {
  static const auto tag = '"' + std::string(docs_page.hash) + '"';
  static const auto fields = fields_of_page(tag);
  static const auto html = std::make_shared<const std::string>(docs_page.html);
  if (names_tag(exchange.request.if_none_match, tag)) return Response{304, {}, fields, {}, {}};
  return Response{200, "text/html; charset=utf-8", fields, {}, html};
}

}  // namespace troupe::http
