#include "http/api/pages/page_frame.hpp"

#include "http/api/pages/assets.hpp"
#include "http/api/pages/html.hpp"
#include "http/browser/security_fields.hpp"

namespace troupe::http {
namespace {

/// In single quotes; one of its own ends them, stands by itself and begins them again.
std::string shell_quoted(std::string_view text) {
  std::string quoted(1, '\'');
  for (const char c : text) {
    if (c == '\'')
      quoted += R"('\'')";
    else
      quoted += c;
  }
  return quoted + '\'';
}

}  // namespace

void begin_page(std::string_view title, std::initializer_list<Crumb> way, std::string& out) {
  out +=
      "<!doctype html>\n<html lang=en><head><meta charset=utf-8>"
      "<meta name=viewport content=\"width=device-width, initial-scale=1\">"
      "<meta name=color-scheme content=\"light dark\"><link rel=icon href=\"data:,\"><title>";
  append_html(title, out);
  out.append("</title><link rel=stylesheet href=\"").append(style_path()).append("\">");
  out.append("<script src=\"").append(script_path()).append("\" defer></script></head>\n<body>");
  out += "<header><nav aria-label=Way><a href=\"/\">Troupe</a>";
  for (const auto& [path, name] : way) {
    out += " / <a href=\"";
    append_html(path, out);
    out += "\">";
    append_html(name, out);
    out += "</a>";
  }
  out += "</nav></header>\n<main><p class=told role=status hidden></p>";
}

void end_page(std::string& out) {
  out += "</main>\n</body></html>\n";
}

void append_heading(std::string_view heading, std::string_view sentence, std::string& out) {
  out += "<h1>";
  append_html(heading, out);
  out += "</h1>\n";
  if (sentence.empty()) return;
  out += "<p>";
  append_html(sentence, out);
  out += "</p>\n";
}

void append_curl(std::string_view base_url, std::string_view target, std::string& out) {
  const auto url = std::string(base_url).append(target);
  std::string line = "curl ";
  if (url.find_first_of("[]{}") != std::string::npos) line += "-g ";  // no pattern of curl's
  line += shell_quoted(url);
  out += "<pre class=curl>";
  append_html(line, out);
  out += "</pre>";
}

std::string_view page_fields() {
  static const auto fields =
      "Vary: Accept\r\nCache-Control: no-cache\r\n"
      "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
      "connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
      "frame-ancestors 'none'\r\n" +
      std::string(page_security_fields);
  return fields;
}

}  // namespace troupe::http
