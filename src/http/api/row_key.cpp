#include "http/api/row_key.hpp"

#include <boost/url/decode_view.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "schema/text.hpp"
#include "schema/value_text.hpp"

namespace troupe::http {
namespace {

/// Takes the first segment off, decoded. Every percent sign begins a whole octet: the parser saw to that.
std::string take_segment(std::string_view& segments) {
  const auto slash = segments.find('/');
  const auto segment = segments.substr(0, slash);
  segments.remove_prefix(slash == std::string_view::npos ? segments.size() : slash + 1);
  if (segment.find('%') == std::string_view::npos) return std::string(segment);
  const auto decoded = boost::urls::make_pct_string_view(segment);
  if (!decoded) return {};
  return decoded->decode();
}

}  // namespace

std::optional<std::string> key_elements(const schema::Resource& resource, std::string_view segments) {
  std::string elements;
  for (const auto place : resource.key) {
    const auto& column = resource.columns[place];
    if (column.codec->parse(take_segment(segments), column, elements)) return std::nullopt;
  }
  return elements;
}

std::string key_text(const schema::Resource& resource, std::string_view segments) {
  std::string text;
  for (const auto place : resource.key) {
    if (!text.empty()) text += " and ";
    const auto segment = segments.substr(0, segments.find('/'));
    const auto decoded = take_segment(segments);
    text += resource.columns[place].name + ' ';
    text += schema::inspect_text(decoded).valid_utf8 ? decoded : std::string(segment);
  }
  return text;
}

void append_segment(const schema::Column& column, schema::Cell cell, std::string& path) {
  if (!cell) return;
  if (column.type.kind == schema::TypeKind::integer && !column.as_string)
    return column.codec->write_json(*cell, column, path);
  path += boost::urls::encode(schema::value_text(column, *cell), boost::urls::unreserved_chars);
}

}  // namespace troupe::http
