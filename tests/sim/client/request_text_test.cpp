#include "sim/client/request_text.hpp"

#include <catch2/catch.hpp>

#include "sim/client/gunzip.hpp"
#include "sim/client/redirect.hpp"

using namespace troupe::sim;

TEST_CASE("a redirect asks as its status says") {
  const std::string post =
      "POST /a?b HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nAuthorization: t\r\ncontent-length: 2\r\n"
      "Cookie: a=b\r\n\r\nhi";
  const std::string asked_anew = "GET /n HTTP/1.1\r\nHost: h\r\nAuthorization: t\r\n\r\n";
  const std::string repeated =
      "POST /n HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nAuthorization: t\r\ncontent-length: 2\r\n"
      "\r\nhi";
  for (const int status : {301, 302, 303}) CHECK(redirected(post, status, "/n", false) == asked_anew);
  for (const int status : {307, 308}) CHECK(redirected(post, status, "/n", false) == repeated);
  CHECK_THAT(redirected(post, 307, "/n", true), Catch::Contains("\r\nCookie: a=b\r\n"));
  const std::string put = "PUT / HTTP/1.1\r\nHost: h\r\n\r\n", head = "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n";
  CHECK_THAT(redirected(put, 302, "/n", false), Catch::StartsWith("PUT /n HTTP/1.1\r\n"));
  CHECK_THAT(redirected(put, 303, "/n", false), Catch::StartsWith("GET /n HTTP/1.1\r\n"));
  CHECK_THAT(redirected(head, 303, "/n", false), Catch::StartsWith("HEAD /n HTTP/1.1\r\n"));
}

TEST_CASE("another server gets nothing that was for the first one") {
  const std::string post =
      "POST /a HTTP/1.1\r\nHost: h\r\nauthorization: t\r\nX-Shop: 7\r\nCookie: a=b\r\nContent-Length: "
      "2\r\n\r\nhi";
  CHECK(redirected(post, 307, "/n", true, "other:81") ==
        "POST /n HTTP/1.1\r\nHost: other:81\r\nX-Shop: 7\r\nContent-Length: 2\r\n\r\nhi");
  CHECK(redirected(post, 302, "/n", true, "other:81") ==
        "GET /n HTTP/1.1\r\nHost: other:81\r\nX-Shop: 7\r\n\r\n");
}

TEST_CASE("cookies are added to a request that has none of its own") {
  std::string request = "POST /a?b HTTP/1.1\r\nHost: h\r\n\r\nbody\r\n\r\n";
  CHECK(target_of(request) == "/a?b");
  CHECK(add_cookies("a=b", request));
  CHECK(request == "POST /a?b HTTP/1.1\r\nHost: h\r\nCookie: a=b\r\n\r\nbody\r\n\r\n");
  CHECK_FALSE(add_cookies("c=d", request));
}

TEST_CASE("a Location is resolved as RFC 3986 has it, and never leads from https to http") {
  struct Row {
    const char* location;
    const char* target;  ///< or a part of why not
    bool follows = true;
    const char* elsewhere = "";
    const char* base = "http://host/api/list?a=1";
  };
  const auto row = GENERATE(values<Row>({
      {"/new", "/new"},
      {"new", "/api/new"},
      {"../up?x=1", "/up?x=1"},
      {"?q=2", "/api/list?q=2"},
      {"", "/api/list?a=1"},
      {"./", "/api/"},
      {"/a%20b#part", "/a%20b"},
      {"http://HOST:80/x", "/x"},
      {"http://host", "/"},
      {"//host/y", "/y"},
      {"https://host/x", "/x", true, "https host 443 host"},
      {"http://other/x?y=1", "/x?y=1", true, "http other 80 other"},
      {"http://host:81", "/", true, "http host 81 host:81"},
      {"//other/y", "/y", true, "http other 80 other"},
      {"//other/y", "/y", true, "https other 443 other", "https://host/"},
      {"http://[::1]:81/y", "/y", true, "http ::1 81 [::1]:81"},
      {"http://user:secret@other/y", "/y", true, "http other 80 other"},
      {"https://host:443/y", "/y", true, "", "https://host/"},
      {"http://host/y", "redirected from https to http://host/y", false, "", "https://host/"},
      {"http://host:99999/", "no http URL", false},
      {"http:///x", "no http URL", false},
      {"mailto:a@b", "no http URL", false},
      {"/a b", "/a%20b"},
      {" /x?y=a b#c d ", "/x?y=a%20b"},
      {"/\xc3\xa4?\xe4=100%", "/%C3%A4?%E4=100%25"},
      {"/a[0]?b[0]=1", "/a%5B0%5D?b%5B0%5D=1"},
      {"/a[0]?b=http://c/[", "/a%5B0%5D?b=http://c/%5B"},
      {"new", "/a%7Cb/new", true, "", "http://host/a|b/c"},
      {"http://[::1]:81/a[ ]", "/a%5B%20%5D", true, "http ::1 81 [::1]:81"},
      {"/a\\b\"<>^`{|}", "/a%5Cb%22%3C%3E%5E%60%7B%7C%7D"},
      {"/a\rb", "no URL", false},
      {"/a\nb c", "no URL", false},
      {"/a\tb", "no URL", false},
      {"/a\x7f", "no URL", false},
      {"http://[/x", "no URL", false},
  }));
  CAPTURE(row.location);
  const auto next = resolve_redirect(row.base, row.location);
  REQUIRE(next.has_value() == row.follows);
  if (next) {
    CHECK(next->target == row.target);
    const auto& to = next->elsewhere;
    CHECK((to ? (to->secure ? "https " : "http ") + to->host + ' ' + std::to_string(to->port) + ' ' +
                    to->authority
              : "") == row.elsewhere);
  }
  if (!next) CHECK_THAT(next.error().message, Catch::Contains(row.target));
}

TEST_CASE("gzip is read to its end or to a limit, and told apart from what is none") {
  // printf hello | gzip -n
  const std::string hello(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00",
      25);
  CHECK(gunzip(hello, 100).text == "hello");
  CHECK(gunzip(hello + hello, 100).text == "hellohello");
  CHECK_FALSE(gunzip(hello, 100).is_cut);
  const auto cut = gunzip(hello, 3);
  CHECK(cut.text == "hel");
  CHECK(cut.is_cut);
  CHECK(gunzip(hello.substr(0, 20), 100).is_cut);
  CHECK_FALSE(gunzip("hello", 100).is_gzip);
}
