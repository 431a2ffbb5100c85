#include <memory>
#include <string>

#include "http/api/docs_page.hpp"
#include "http/api/endpoints/endpoints.hpp"
#include "http/api/pages/assets.hpp"
#include "http/api/row_version.hpp"

namespace troupe::http {
namespace {

/// The path has the text's hash, so that what is there is never another text.
Response asset_response(const Exchange& exchange, const Asset& asset, std::string_view type) {
  const auto tag = '"' + std::string(asset.hash) + '"';
  const auto fields = "ETag: " + tag + "\r\nCache-Control: public, max-age=31536000, immutable\r\n";
  if (names_tag(exchange.request.if_none_match, tag)) return Response{304, {}, fields, {}};
  return Response{200, type, fields, std::string(asset.text)};
}

/// The same of one that is large: all who ask share a copy.
Response large_asset_response(const Exchange& exchange, const Asset& asset, std::string_view type,
                              const std::shared_ptr<const std::string>& text) {
  auto response = asset_response(exchange, {{}, asset.hash}, type);
  if (response.status == 200) response.shared_body = text;
  return response;
}

}  // namespace

Step begin_script(Exchange& exchange, const ServerContext&) {
  return asset_response(exchange, page_assets.script, "text/javascript; charset=utf-8");
}

Step begin_style(Exchange& exchange, const ServerContext&) {
  return asset_response(exchange, page_assets.style, "text/css; charset=utf-8");
}

Step begin_docs_script(Exchange& exchange, const ServerContext&) {
  static const auto text = std::make_shared<const std::string>(docs_page.script.text);
  return large_asset_response(exchange, docs_page.script, "text/javascript; charset=utf-8", text);
}

Step begin_docs_style(Exchange& exchange, const ServerContext&) {
  static const auto text = std::make_shared<const std::string>(docs_page.style.text);
  return large_asset_response(exchange, docs_page.style, "text/css; charset=utf-8", text);
}

}  // namespace troupe::http
