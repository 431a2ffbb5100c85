#include "http/auth/credential_cache.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <string>

using namespace troupe::http;

namespace {

std::shared_ptr<const Caller> caller(const std::string& name) {
  return std::make_shared<const Caller>(Caller{name});
}

}  // namespace

TEST_CASE("secrets are the same when every byte is", "[credential_cache]") {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string text(size, 'a');
    CHECK(same_secret(text, std::string(size, 'a')));
    CHECK_FALSE(same_secret(text, text + 'a'));
    for (std::size_t at = 0; at < size; ++at) {
      auto other = text;
      other[at] = 'b';
      CHECK_FALSE(same_secret(text, other));
    }
  }
}

TEST_CASE("a credential is known until it expires", "[credential_cache]") {
  CredentialCache cache(4096);
  cache.put("one", 1, caller("ada"), 100);
  REQUIRE(cache.find("one", 1, 99.9));
  CHECK(cache.find("one", 1, 99.9)->name == "ada");
  CHECK_FALSE(cache.find("two", 1, 0));
  CHECK_FALSE(cache.find("one", 1, 100));
}

TEST_CASE("other rules know no credential of those before", "[credential_cache]") {
  CredentialCache cache(4096);
  cache.put("one", 1, caller("ada"), 100);
  CHECK_FALSE(cache.find("one", 2, 0));
  CHECK_FALSE(cache.find("one", 1, 0));
  CHECK(cache.bytes() == 0);
}

TEST_CASE("what is in use stays while others come, and the memory ends", "[credential_cache]") {
  constexpr std::size_t most = 16 * 1024, longest = 1024;
  CredentialCache cache(most);
  cache.put("0", 1, caller("ada"), 100);
  for (std::size_t other = 1; other < 1000; ++other) {
    cache.put(std::to_string(other) + std::string(other % longest, 'x'), 1, caller("other"), 100);
    CAPTURE(other);
    REQUIRE(cache.find("0", 1, 1));
    REQUIRE(cache.bytes() <= most + 2 * (longest + 256));
  }
  CHECK_FALSE(cache.find("1x", 1, 1));
}

TEST_CASE("a credential that is put again takes no more memory", "[credential_cache]") {
  CredentialCache cache(4096);
  cache.put("one", 1, caller("ada"), 100);
  const auto bytes = cache.bytes();
  cache.put("one", 1, caller("ada"), 200);
  CHECK(cache.bytes() == bytes);
  CHECK(cache.find("one", 1, 150));
}
