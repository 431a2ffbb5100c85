#include "schema/base64.hpp"

#include <catch2/catch.hpp>
#include <string>

using troupe::schema::base64url_of;
using troupe::schema::decode_base64url;

TEST_CASE("base64url is read back as it was written", "[base64url]") {
  std::string bytes;
  for (int size = 0; size < 300; ++size) {
    const auto text = base64url_of(bytes);
    CAPTURE(text);
    CHECK(decode_base64url(text) == bytes);
    bytes += static_cast<char>(size * 37);
  }
  CHECK(base64url_of("\xfb\xff") == "-_8");
}

TEST_CASE("what is no base64url, or not the only one for its bytes, is refused", "[base64url]") {
  const std::string text = GENERATE("A", "AAAAA", "AA==", "AAA=", "AB", "AAB", "A+A_", "A/AA", "AA AA",
                                    "AA\nA", "A!AA", "AAAA.", "\xc3\xa4\xc3\xa4");
  CAPTURE(text);
  CHECK_FALSE(decode_base64url(text));
}
