#include "http/auth/token_cache.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <string>

using namespace troupe::http;

namespace {

Digest digest(int number) {
  return digest_of(std::to_string(number));
}

std::shared_ptr<const Caller> caller(const std::string& name) {
  return std::make_shared<const Caller>(Caller{name});
}

}  // namespace

TEST_CASE("a token is known until it expires", "[token_cache]") {
  TokenCache cache(8);
  cache.put(digest(1), 1, caller("ada"), 100);
  REQUIRE(cache.find(digest(1), 1, 99.9));
  CHECK(cache.find(digest(1), 1, 99.9)->name == "ada");
  CHECK_FALSE(cache.find(digest(2), 1, 0));
  CHECK_FALSE(cache.find(digest(1), 1, 100));
}

TEST_CASE("other rules know no token of those before", "[token_cache]") {
  TokenCache cache(8);
  cache.put(digest(1), 1, caller("ada"), 100);
  CHECK_FALSE(cache.find(digest(1), 2, 0));
  CHECK_FALSE(cache.find(digest(1), 1, 0));
  CHECK(cache.size() == 0);
}

TEST_CASE("what is in use stays while others come, and the memory ends", "[token_cache]") {
  TokenCache cache(8);
  cache.put(digest(0), 1, caller("ada"), 100);
  for (int other = 1; other < 1000; ++other) {
    cache.put(digest(other), 1, caller("other"), 100);
    CAPTURE(other);
    REQUIRE(cache.find(digest(0), 1, 1));
    REQUIRE(cache.size() <= 8);
  }
  CHECK_FALSE(cache.find(digest(1), 1, 1));
}
