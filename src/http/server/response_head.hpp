#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::http {

/// The whole interim response to `Expect: 100-continue` (RFC 9110 section 15.2.1).
inline constexpr std::string_view continue_response = "HTTP/1.1 100 Continue\r\n\r\n";

/// What time it is, to a few milliseconds (clock_gettime(2)): a Date has whole seconds, and this is read for
/// each answer.
std::chrono::system_clock::time_point about_now();

/// Appends a status line, the fields every answer has (Date, Content-Length, Connection where the version's
/// default does not say it), `extra_fields` (lines of "Name: value\r\n") and the empty line. Safe on any
/// thread.
///
/// An empty `content_type` makes no field; any other is one that browsers must not guess beyond.
/// Content-Length is left out for 1xx and 204, which must not have one, and for 304, where it would be that
/// of the answer which is not sent (RFC 9110 section 8.6). `http_1_0` is about the client: it must be told
/// when its connection is kept (RFC 9112 section 9.3). The answer itself is always HTTP/1.1, the highest
/// version we speak (RFC 9110 section 2.5).
void append_response_head(std::string& out, int status, std::string_view content_type,
                          std::optional<std::size_t> content_length, bool keep_alive, bool http_1_0,
                          std::string_view extra_fields,
                          std::chrono::system_clock::time_point now = about_now());

}  // namespace troupe::http
