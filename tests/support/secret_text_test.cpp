#include <catch2/catch.hpp>

#include "support/secret_text.hpp"

using namespace troupe;

TEST_CASE("values of secret names are masked wherever they stand") {
  const auto [text, masked] = GENERATE(table<std::string, std::string>({
      {R"({"user":"a","password":"b\"c","n":1})", R"({"user":"a","password":"***","n":1})"},
      {R"({"access_token" : 5, "x": [{"apiKey":"k"}]})",
       R"({"access_token" : "***", "x": [{"apiKey":"***"}]})"},
      {R"({"user":"a","password":"cut o)", R"({"user":"a","password":"***")"},
      {R"({"password":"cut \)", R"({"password":"***")"},
      {"user=a&client_secret=b&c=d", "user=a&client_secret=***&c=d"},
      {"GET /x?token=abc&y=1 HTTP/1.1", "GET /x?token=***&y=1 HTTP/1.1"},
      {"sessionid=a&pwd=b&jwt=c", "sessionid=***&pwd=***&jwt=***"},
      {R"({"csrf":"a","sessionId":"b"})", R"({"csrf":"***","sessionId":"***"})"},
      {"nothing to hide", "nothing to hide"},
  }));
  CHECK(mask_secrets(text) == masked);
}

TEST_CASE("fields that identify somebody are masked") {
  CHECK(mask_field("Authorization", "Bearer x") == "Authorization: ***");
  CHECK(mask_field("set-cookie", "a=b") == "set-cookie: ***");
  CHECK(mask_field("X-Api-Key", "a") == "X-Api-Key: ***");
  CHECK(mask_field("Accept", "text/html") == "Accept: text/html");
  CHECK(mask_field("X-Auth", "Bearer abc") == "X-Auth: ***");
  CHECK(mask_field("X-Auth", "basic abc") == "X-Auth: ***");
  CHECK(mask_field("Referer", "http://a/?token=b") == "Referer: http://a/?token=***");
}

TEST_CASE("a scenario is kept without the passwords that stand in it") {
  const auto [text, masked] = GENERATE(table<std::string, std::string>({
      {R"(json = { user = "a", password = "b\"c" })", R"(json = { user = "a", password = "***" })"},
      {R"(auth = { bearer = "abc" })", R"(auth = { bearer = "***" })"},
      {R"(auth.bearer = 'abc')", R"(auth.bearer = "***")"},
      {R"(auth = { bearer = "{token}" })", R"(auth = { bearer = "{token}" })"},
      {R"(extract = { token = "/access_token" })", R"(extract = { token = "/access_token" })"},
      {R"(body = '{"password": "x"}')", R"(body = '{"password": "***"}')"},
      {R"(keys = { kind = "own" })", R"(keys = { kind = "own" })"},
  }));
  CHECK(mask_settings(text) == masked);
}
