#pragma once

#include <string_view>

namespace troupe::http {

/// What every page for people has beside its Content-Security-Policy: other sites are not told where its
/// links come from (the query of a list may say much), windows that it did not open share nothing with it,
/// and nothing that it runs gets at the devices. Of other answers only X-Content-Type-Options says something,
/// and every one with a body has it (append_response_head).
inline constexpr std::string_view page_security_fields =
    "Referrer-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()\r\n";

}  // namespace troupe::http
