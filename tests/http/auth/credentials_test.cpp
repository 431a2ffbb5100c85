#include "http/auth/credentials.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace troupe::http;
using From = Credential::From;

TEST_CASE("a key or token is taken from one place", "[credentials]") {
  struct Row {
    std::string authorization, api_key, cookie;
    From from;
    std::string text;
  };
  const std::vector<Row> rows{
      {"", "", "", From::nowhere, ""},
      {"Bearer abc", "", "", From::field, "abc"},
      {"bEARER   a.b-c_d~e+f/g==", "", "", From::field, "a.b-c_d~e+f/g=="},
      {"", "any bytes? no: k", "", From::unclear, ""},
      {"", "k,l", "", From::unclear, ""},
      {"", "k", "", From::field, "k"},
      {"Bearer abc", "k", "", From::unclear, ""},
      {"Bearer", "", "", From::unclear, ""},
      {"Bearer ", "", "", From::unclear, ""},
      {"Bearer a b", "", "", From::unclear, ""},
      {"Bearer a, Bearer b", "", "", From::unclear, ""},
      {"Bearer =", "", "", From::unclear, ""},
      {"Bearer a=b", "", "", From::unclear, ""},
      {"Basic YTpi", "", "", From::scheme, ""},
      {"abc", "", "", From::scheme, ""},
      {"", "", "troupe_login=k", From::cookie, "k"},
      {"", "", "a=b; troupe_login=k; c=d", From::cookie, "k"},
      {"", "", "a=troupe_login=k", From::nowhere, ""},
      {"", "", "troupe_login_2=k", From::nowhere, ""},
      {"", "", "troupe_login=", From::nowhere, ""},
      {"", "", "troupe_login", From::nowhere, ""},
      {"Bearer abc", "", "troupe_login=k", From::field, "abc"},
  };
  for (const auto& row : rows) {
    Request request;
    request.authorization = row.authorization;
    request.api_key = row.api_key;
    request.cookie = row.cookie;
    CAPTURE(row.authorization, row.api_key, row.cookie);
    const auto credential = credential_of(request);
    const bool good = credential.from != From::field || is_well_formed(credential);
    CHECK((good ? credential.from : From::unclear) == row.from);
    CHECK((good ? credential.text : std::string_view()) == row.text);
  }
}

TEST_CASE("a page is this server's own when its origin is the host that was asked", "[credentials]") {
  const auto own = [](const std::string& origin, const std::string& host) {
    Request request;
    request.origin = origin;
    request.host = host;
    return from_own_page(request);
  };
  CHECK(own("http://shop:8080", "shop:8080"));
  CHECK(own("https://Shop", "shop"));
  CHECK_FALSE(own("http://shop", "shop:8080"));
  CHECK_FALSE(own("http://shop.example", "shop"));
  CHECK_FALSE(own("http://evil", "shop"));
  CHECK_FALSE(own("null", "shop"));
  CHECK_FALSE(own("", "shop"));
  CHECK_FALSE(own("http://", ""));
  CHECK_FALSE(own("http://evil, http://shop", "shop"));
}
