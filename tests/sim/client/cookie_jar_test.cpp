#include "sim/client/cookie_jar.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::sim;
using namespace std::chrono_literals;

namespace {

const TimePoint jar_start{1h};

std::string sent(const CookieJar& jar, std::string_view path = "/", bool secure = false,
                 TimePoint now = jar_start, std::string_view host = "app.test") {
  std::string out;
  jar.append_for(host, path, secure, now, out);
  return out;
}

}  // namespace

TEST_CASE("a cookie goes back where it belongs, and nowhere else") {
  struct Row {
    const char* set_cookie;
    const char* path;  ///< of the next request
    const char* sent;
  };
  const auto row = GENERATE(values<Row>({
      {"a=b", "/", ""},
      {"a=b", "/shop", "a=b"},
      {"a=b", "/shop/cart?x=/", "a=b"},
      {"a=b", "/shopping", ""},
      {"a=b; Path=/", "/", "a=b"},
      {"a=b; path=/shop/cart", "/shop", ""},
      {"a=b; Path=/shop/cart", "/shop/cart", "a=b"},
      {"a=b; Path=relative", "/shop/x", "a=b"},
      {"a=b; Path=/; Secure", "/", ""},
      {"a=b; Path=/; HttpOnly; SameSite=Lax", "/", "a=b"},
      {"a=\"b c\"; Path=/", "/", "a=\"b c\""},
      {" a = b ; Path=/", "/", "a=b"},
      {"a=; Path=/", "/", "a="},
      {"a; Path=/", "/", ""},
      {"=b; Path=/", "/", ""},
      {"a=b=c; Path=/", "/", "a=b=c"},
      {"a=b; Path=/; Domain=app.test", "/", "a=b"},
      {"a=b; Path=/; Domain=.TEST", "/", "a=b"},
      {"a=b; Path=/; Domain=other.test", "/", ""},
      {"a=b; Path=/; Domain=pp.test", "/", ""},
      {"a=b; Path=/; Max-Age=0", "/", ""},
      {"a=b; Path=/; Max-Age=-1", "/", ""},
      {"a=b; Path=/; Max-Age=60", "/", "a=b"},
      {"a=b; Path=/; Max-Age=99999999999999999999", "/", "a=b"},
      {"a=b; Path=/; Max-Age=soon", "/", "a=b"},
      {"a=b; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "/", ""},
      {"a=b; Path=/; Expires=Thu, 01-Jan-1970 00:00:00 GMT", "/", ""},
      {"a=b; Path=/; Expires=Fri, 01 Jan 2100 00:00:00 GMT", "/", "a=b"},
      {"a=b; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", "/", "a=b"},
  }));
  CAPTURE(row.set_cookie, row.path);
  CookieJar jar;
  jar.take(row.set_cookie, "app.test", "/shop/login", jar_start);
  CHECK(sent(jar, row.path) == row.sent);
}

TEST_CASE("cookies are replaced and deleted by name and path, expire, and go the longest path first") {
  CookieJar jar;
  const auto take = [&](const char* cookie) { jar.take(cookie, "app.test", "/", jar_start); };
  take("a=1; Path=/");
  take("b=2; Path=/shop");
  take("a=3; Path=/");
  take("s=4; Path=/; Secure");
  take("t=5; Path=/; Max-Age=10");
  CHECK(sent(jar, "/shop") == "b=2; a=3; t=5");
  CHECK(sent(jar, "/shop", true) == "b=2; a=3; s=4; t=5");
  CHECK(sent(jar, "/shop", false, jar_start + 11s) == "b=2; a=3");
  take("a=x; Path=/; Max-Age=0");
  CHECK(sent(jar, "/shop", false, jar_start + 11s) == "b=2");
}

TEST_CASE("an address takes no cookies of a domain") {
  CookieJar jar;
  jar.take("a=b; Path=/; Domain=0.0.1", "127.0.0.1", "/", jar_start);
  CHECK(jar.empty());
  jar.take("a=b; Path=/; Domain=127.0.0.1", "127.0.0.1", "/", jar_start);
  CHECK(sent(jar, "/", false, jar_start, "127.0.0.1") == "a=b");
}

TEST_CASE("a cookie goes to the host that set it, or to all hosts of the domain that it names") {
  struct Row {
    const char* set_cookie;  ///< by app.shop.test
    const char* host;        ///< of the next request
    bool sent;
  };
  const auto row = GENERATE(values<Row>({
      {"a=b; Path=/", "APP.shop.test", true},
      {"a=b; Path=/", "pay.shop.test", false},
      {"a=b; Path=/", "x.app.shop.test", false},
      {"a=b; Path=/; Domain=shop.test", "pay.shop.test", true},
      {"a=b; Path=/; Domain=.shop.test", "shop.test", true},
      {"a=b; Path=/; Domain=shop.test", "othershop.test", false},
      {"a=b; Path=/; Domain=test", "app.shop.test", true},
      {"a=b; Path=/; Domain=test", "other.test", false},
  }));
  CAPTURE(row.set_cookie, row.host);
  CookieJar jar;
  jar.take(row.set_cookie, "app.shop.test", "/", jar_start);
  CHECK(sent(jar, "/", false, jar_start, row.host) == (row.sent ? "a=b" : ""));
}

TEST_CASE("a jar holds so many cookies and so many bytes, and the oldest go") {
  CookieJar jar;
  for (int i = 0; i < 70; ++i) jar.take("n" + std::to_string(i) + "=x; Path=/", "app.test", "/", jar_start);
  CHECK(jar.size() == CookieJar::most_cookies);
  CHECK_THAT(sent(jar), Catch::StartsWith("n6=x"));
  for (int i = 0; i < 5; ++i)
    jar.take("l" + std::to_string(i) + "=" + std::string(5'000, 'x') + "; Path=/", "app.test", "/",
             jar_start);
  CHECK(jar.size() == 3);
  jar.take("huge=" + std::string(20'000, 'x') + "; Path=/", "app.test", "/", jar_start);
  CHECK(jar.size() == 3);
}
