#pragma once

#include <span>
#include <string>
#include <string_view>

namespace troupe {

/// A name whose value nobody should see: Authorization, Cookie and Set-Cookie, and what holds password,
/// token, secret, key, session or another such word, or is pass, sid, pin or another such one, in any case.
bool is_secret_name(std::string_view name);

/// A field of an HTTP message as people may see it: "NAME: VALUE", or "NAME: ***", also where the value is
/// credentials by its scheme (Bearer, Basic, Digest, Negotiate).
std::string mask_field(std::string_view name, std::string_view value);

/// A text in which the values of secret names are ***: members of JSON objects, pairs of queries, forms and
/// paths, fields and attributes of HTML, elements of XML, and lines as a head has them; and what is a token
/// by its form. A text that is cut off in the middle of such a value is masked to its end.
std::string mask_secrets(std::string_view text);

/// A text in which these values are *** wherever they stand, also percent-encoded or as JSON has them. Short
/// ones are left: they would be found where they are none.
std::string mask_values(std::string_view text, std::span<const std::string> values);

/// A file of settings (TOML) as people may see it: values of names that hold password, secret or bearer, and
/// members of JSON and pairs of forms with secret names, are ***. A placeholder alone, as "{token}", is none.
std::string mask_settings(std::string_view text);

}  // namespace troupe
