#pragma once

#include <string>
#include <string_view>

namespace troupe {

/// A name whose value nobody should see: Authorization, Cookie and Set-Cookie, and what holds password,
/// token, secret, key, session or another such word, in any case.
bool is_secret_name(std::string_view name);

/// A field of an HTTP message as people may see it: "NAME: VALUE", or "NAME: ***", also where the value is
/// credentials by its scheme (Bearer, Basic, Digest, Negotiate).
std::string mask_field(std::string_view name, std::string_view value);

/// A text in which the values of secret names are ***: members of JSON objects, and pairs of queries and
/// forms. A text that is cut off in the middle of such a value is masked to its end.
std::string mask_secrets(std::string_view text);

/// A file of settings (TOML) as people may see it: values of names that hold password, secret or bearer, and
/// what mask_secrets masks, are ***. A placeholder alone, as "{token}", is none.
std::string mask_settings(std::string_view text);

}  // namespace troupe
