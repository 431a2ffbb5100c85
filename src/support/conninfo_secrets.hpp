#pragma once

#include <string>
#include <string_view>

namespace troupe {

/// `url` without its password, in the authority or in a parameter: fit for logs. Where libpq may read the URL
/// otherwise than its writer meant it, all that could be a piece of a password is left out, too. URLs of
/// the web lose their password, too, and so does "host=h password=x"; other text is returned as it is.
std::string without_password(std::string_view url);

/// libpq's `message` about `conninfo`, fit for logs. A password that holds a bare '/', '?' or '@' is partly
/// taken for the host, the port or the database, which libpq quotes; a `malformed` conninfo it quotes
/// anywhere. What is quoted then becomes "...".
std::string without_secrets(std::string_view message, std::string_view conninfo, bool malformed = false);

}  // namespace troupe
