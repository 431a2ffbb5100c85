#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <vector>

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
      // Arrays and objects, and JSON in a text of JSON.
      {R"({"tokens":["abc","d]"],"n":1})", R"({"tokens":"***","n":1})"},
      {R"({"password":{"value":"x}","at":[1]},"n":"y"})", R"({"password":"***","n":"y"})"},
      {R"({"a":["b","c"],"tokens": [{"x":"cut)", R"({"a":["b","c"],"tokens": "***")"},
      {R"({"body":"{\"password\":\"a\\\"b\",\"n\":1}"})", R"({"body":"{\"password\":\"***\",\"n\":1}"})"},
      {R"({"body":"{\"tokens\":[\"a\"]}"})", R"({"body":"{\"tokens\":\"***\"}"})"},
      {R"({"pwd":"a","pass":"b","sid":"c","api-key":"d","compass":"e"})",
       R"({"pwd":"***","pass":"***","sid":"***","api-key":"***","compass":"e"})"},
      // HTML and XML.
      {R"(<p><input type="hidden" name="csrf_token" value="a>b"><input name="x" value="y">)",
       R"(<p><input type="hidden" name="csrf_token" value="***"><input name="x" value="y">)"},
      {R"(<input value='abc' name='csrf_token'/>)", R"(<input value="***" name='csrf_token'/>)"},
      {R"(<input name=token value=abc>)", R"(<input name=token value="***">)"},
      {R"(<input name="csrf_token" value="cut o)", R"(<input name="csrf_token" value="***")"},
      {R"(<meta name="csrf-token" content="abc">)", R"(<meta name="csrf-token" content="***">)"},
      {R"({"html":"<input name=\"csrf\" value=\"abc\">"})",
       R"({"html":"<input name=\"csrf\" value="***">"})"},
      {R"(<div data-token="a b" class="c">)", R"(<div data-token="***" class="c">)"},
      {"<a:Password t=\"x\">abc</a:Password><b>d</b>", "<a:Password t=\"x\">***</a:Password><b>d</b>"},
      // Lines as a head has them, in texts and in JSON.
      {"GET / HTTP/1.1\r\nAuthorization: Bearer abc\r\nAccept: x",
       "GET / HTTP/1.1\r\nAuthorization: ***\r\nAccept: x"},
      {"> Cookie: a=\"b\"; c=d\nx", "> Cookie: ***\nx"},
      {R"({"log":"GET /\r\nAuthorization: Bearer abc\r\nHost: h"})",
       R"({"log":"GET /\r\nAuthorization: ***\r\nHost: h"})"},
      {"sent with X-Api-Key: abc", "sent with X-Api-Key: ***"},
      {"unexpected token: '<' at 5", "unexpected token: '<' at 5"},
      // Paths and cookies in texts; what tells by its form.
      {"GET /shop;jsessionid=abc?x=1", "GET /shop;jsessionid=***"},
      {"set PHPSESSID=abc; path=/", "set PHPSESSID=*** path=/"},
      {"http://u:abc@h/", "http://u:***@h/"},
      {"bearer 0123456789abcdefgh", "bearer ***"},
      {"Basic authentication is needed", "Basic authentication is needed"},
      {"id eyJhbGciOiJI.eyJzdWIiOiIx.abc", "id ***"},
      {"GET /cb?code=abc&x=1&state=d HTTP/1.1", "GET /cb?code=***&x=1&state=*** HTTP/1.1"},
      {"GET /cb?state=open", "GET /cb?state=open"},
  }));
  CHECK(mask_secrets(text) == masked);
}

TEST_CASE("names of secrets are told from words that hold them by chance") {
  for (const auto* name : {"pwd", "pass", "user[pass]", "user%5Bpass%5D", "userPass", "session", "sessionid",
                           "PHPSESSID", "JSESSIONID", "connect.sid", "koa.sess", "_csrf", "apikey", "api_key",
                           "X-API-Key", "Set-Cookie", "X-Authorization", "card number"})
    CHECK(is_secret_name(name));
  for (const auto* name : {"compass", "passenger", "pinned", "author", "side", "sign", "code", "state", ""})
    CHECK_FALSE(is_secret_name(name));
}

TEST_CASE("given values are masked wherever they stand and however they are written") {
  const std::vector<std::string> values{"ab\"c/1", "ab\"c/1+more", "short"};
  CHECK(mask_values("/x/ab%22c%2F1%2Bmore/short {\"v\":\"ab\\\"c/1\"} ab\"c/1.", values) ==
        "/x/***/short {\"v\":\"***\"} ***.");
  CHECK(mask_values("nothing", {}) == "nothing");
}

TEST_CASE("masking takes time by the length of a text, whatever is in it") {
  std::string text;
  const auto part =
      GENERATE(values<std::string>({"\"", "\\\"", "\\", "{\"key\":[", "<input name='", "a=", "key: "}));
  while (text.size() < 200'000) text += part;
  const auto begin = std::chrono::steady_clock::now();
  mask_secrets(text);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
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
      {R"(keys={kind="own"})", R"(keys={kind="own"})"},
      {R"(body = "password=x&user=y")", R"(body = "password=***&user=y")"},
  }));
  CHECK(mask_settings(text) == masked);
}
