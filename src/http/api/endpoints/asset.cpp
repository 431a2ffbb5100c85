#include "http/api/endpoints/endpoints.hpp"
#include "http/api/pages/assets.hpp"
#include "http/api/row_version.hpp"

namespace troupe::http {
namespace {

/// The path has the text's hash, so that what is there is never another text.
Response asset_response(const Exchange& exchange, const Asset& asset, std::string_view type) {
  const auto tag = '"' + std::string(asset.hash) + '"';
  const auto fields = "ETag: " + tag +
                      "\r\nCache-Control: public, max-age=31536000, immutable\r\n"
                      "X-Content-Type-Options: nosniff\r\n";
  if (names_tag(exchange.request.if_none_match, tag)) return Response{304, {}, fields, {}};
  return Response{200, type, fields, std::string(asset.text)};
}

}  // namespace

Step begin_script(Exchange& exchange, const ServerContext&) {
  return asset_response(exchange, page_assets.script, "text/javascript; charset=utf-8");
}

Step begin_style(Exchange& exchange, const ServerContext&) {
  return asset_response(exchange, page_assets.style, "text/css; charset=utf-8");
}

}  // namespace troupe::http
