#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "http/server/request.hpp"

namespace troupe::http {

inline constexpr std::string_view page_content_type = "text/html; charset=utf-8";

/// A step on the way to a page: where it is, and what it is called (not escaped).
struct Crumb {
  std::string_view path;
  std::string_view name;
};

/// Appends what precedes the page's own content: its head, and the way to it from "/". Names are escaped
/// here.
void begin_page(std::string_view title, std::initializer_list<Crumb> way, std::string& out);

/// Appends what follows it.
void end_page(std::string& out);

/// Appends the heading and, where there is one, the sentence below it. Both are escaped here.
void append_heading(std::string_view heading, std::string_view sentence, std::string& out);

/// Appends a request as a line for a shell. `base_url`: of this server; `target`: the path and the query, as
/// they were sent.
void append_curl(std::string_view base_url, std::string_view target, std::string& out);

/// The fields that every page has: it may run our script and style and talk to this server, and nothing else;
/// it is asked for again before it is shown again.
std::string_view page_fields();

}  // namespace troupe::http
