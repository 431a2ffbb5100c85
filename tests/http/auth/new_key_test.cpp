#include "http/auth/new_key.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <regex>
#include <string>

#include "helpers/folder.hpp"
#include "http/auth/auth_file.hpp"

using namespace troupe;
using namespace troupe::http;
using Catch::Matchers::Contains;
using tests::content_of;
using tests::Folder;

namespace fs = std::filesystem;

TEST_CASE("a new key begins a file that only its owner reads, and is not in it", "[new_key]") {
  const Folder folder("new_key");
  const auto path = folder / "auth.toml";
  const auto key = add_new_key(path, "till.3", {"clerk", "auditor"});
  REQUIRE(key.has_value());
  CHECK(std::regex_match(*key, std::regex("troupe_[A-Za-z0-9_-]{43}")));
  CHECK(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(content_of(path).find(key->substr(7)) == std::string::npos);
  const auto file = read_auth_file(path);
  REQUIRE(file.has_value());
  REQUIRE(file->keys.size() == 1);
  CHECK(file->keys[0].name == "till.3");
  CHECK(same_digest(file->keys[0].digest, digest_of(*key)));
  CHECK(file->keys[0].roles == std::vector<std::string>{"clerk", "auditor"});
  CHECK(file->has_role("clerk"));
  CHECK(file->has_role("auditor"));
}

TEST_CASE("a new key leaves what is in the file, and how it may be read", "[new_key]") {
  const Folder folder("new_key");
  const auto path = folder / "auth.toml";
  const std::string before = "# mine\n[role.clerk]\norders = [\"list\"]";  // no line end
  tests::write_content(path, before);
  const auto mode = fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read;
  fs::permissions(path, mode);
  REQUIRE(add_new_key(path, "a", {"clerk"}).has_value());
  const auto second = add_new_key(path, "b", {"clerk"});
  REQUIRE(second.has_value());
  CHECK(content_of(path).starts_with(before + "\n"));
  CHECK(fs::status(path).permissions() == mode);
  const auto file = read_auth_file(path);
  REQUIRE(file.has_value());
  CHECK(file->keys.size() == 2);
  CHECK(file->roles.size() == 1);
}

TEST_CASE("a key is not made where it could not be used", "[new_key]") {
  const Folder folder("new_key");
  const auto path = folder / "auth.toml";
  REQUIRE(add_new_key(path, "a", {"clerk"}).has_value());
  const auto before = content_of(path);
  CHECK_THAT(add_new_key(path, "a", {"clerk"}).error().message, Contains("has a key a already"));
  CHECK_THAT(add_new_key(path, "a b", {"clerk"}).error().message, Contains("a key's name"));
  CHECK_THAT(add_new_key(path, "c", {"x y"}).error().message, Contains("a role's name"));
  CHECK(content_of(path) == before);
  tests::write_content(path, "[rolle]\n");
  CHECK_THAT(add_new_key(path, "c", {"clerk"}).error().message, Contains("unknown key"));
  CHECK(content_of(path) == "[rolle]\n");
  CHECK_FALSE(add_new_key(folder / "no" / "auth.toml", "a", {"clerk"}).has_value());
}
