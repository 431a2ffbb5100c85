#include "http/auth/auth_file.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "helpers/folder.hpp"
#include "helpers/signed_tokens.hpp"
#include "support/sha256.hpp"

using namespace troupe;
using namespace troupe::http;
using Catch::Matchers::Contains;
using tests::Folder;
using tests::TokenSigner;

namespace {

Result<AuthFile> read(const std::string& text) {
  return parse_auth_file(text, "auth.toml", {});
}

std::string fault(const std::string& text) {
  const auto file = read(text);
  return file ? "" : file.error().message;
}

std::string key_entry(const std::string& name, const std::string& key, const std::string& roles) {
  return "[key." + name + "]\nsha256 = \"" + sha256_hex(key) + "\"\nroles = " + roles + "\n";
}

}  // namespace

TEST_CASE("a file of keys and roles says who they are and what these may do", "[auth_file]") {
  const auto file =
      read("[role.clerk]\norders = [\"list\", \"get\", \"create\"]\n\"*\" = [\"get\"]\ndocs = [\"*\"]\n" +
           key_entry("till-3", "k3", "[\"clerk\"]") + key_entry("till-4", "k4", "[\"clerk\"]"));
  REQUIRE(file.has_value());
  REQUIRE(file->roles.size() == 1);
  const auto& grants = file->roles[0].grants;
  REQUIRE(grants.size() == 3);
  CHECK(grants[0].subject == "orders");
  CHECK(grants[0].operations == (list_bit | get_bit | create_bit));
  CHECK(grants[0].place == "auth.toml:2: role.clerk.orders");
  CHECK(grants[1].operations == get_bit);
  CHECK(grants[2].any);
  REQUIRE(file->keys.size() == 2);
  CHECK(file->keys[0].name == "till-3");
  CHECK(same_digest(file->keys[0].digest, digest_of("k3")));
  CHECK(file->keys[1].roles == std::vector<std::string>{"clerk"});
}

TEST_CASE("an empty file is one: nobody may do anything", "[auth_file]") {
  const auto file = read("");
  REQUIRE(file.has_value());
  CHECK(file->keys.empty());
}

TEST_CASE("a fault of the file is one line that names the place and what was meant", "[auth_file]") {
  const std::string role = "[role.clerk]\norders = [\"list\"]\n";
  const std::vector<std::pair<std::string, std::string>> rows{
      {"[roles.clerk]\n", "auth.toml:1: roles: unknown key (allowed: role, key, jwt); did you mean role?"},
      {"[role]\nclerk = 1\n", "auth.toml:2: role.clerk: must be a table: [role.NAME]"},
      {"[role.\"a b\"]\n", "role.a b: a name has up to 64 letters"},
      {"[role.clerk]\norders = \"list\"\n", "auth.toml:2: role.clerk.orders: must be an array"},
      {"[role.clerk]\norders = [1]\n", "role.clerk.orders: must hold texts in quotes"},
      {"[role.clerk]\norders = [\"lists\"]\n",
       "'lists' is not one of *, list, get, create, update, delete or call; did you mean list?"},
      {"[role.clerk]\norders = [\"read\"]\n", "'read' is not one of"},
      {role + key_entry("a", "k", "[\"clark\"]"),
       "key.a.roles: there is no role 'clark': did you mean clerk?"},
      {key_entry("a", "k", "[\"boss\"]"), "there is no role 'boss': [role.boss] is missing"},
      {role + key_entry("a", "k", "[\"clerk\"]") + key_entry("b", "k", "[\"clerk\"]"),
       "key.b.sha256: is also that of key.a"},
      {"[key.a]\nsha256 = \"12\"\nroles = []\n", "auth.toml:2: key.a.sha256: must be the SHA-256 of the key"},
      {"[key.a]\nsha256 = \"" + std::string(64, 'g') + "\"\nroles = []\n", "key.a.sha256: must be"},
      {"[key.a]\nroles = []\n", "key.a.sha256: is missing"},
      {"[key.a]\nsha265 = \"\"\n",
       "key.a.sha265: unknown key (allowed: sha256, roles); did you mean sha256?"},
      {"[jwt]\nkey = \"x\"\n", "jwt: must be an array"},
      {"[[jwt]]\nalgorithm = \"none\"\n", "jwt[0].algorithm: 'none' is not one of HS256, RS256, ES256"},
      {"[[jwt]]\nalgorithm = \"HS256\"\nkey = \"/nowhere\"\n",
       "jwt[0].key: cannot read /nowhere: No such file"},
      {"[role.a\n", "auth.toml:1: not valid TOML"},
  };
  for (const auto& [text, expected] : rows) {
    CAPTURE(text);
    CHECK_THAT(fault(text), Contains(expected));
    CHECK(fault(text).find('\n') == std::string::npos);
  }
}

TEST_CASE("there are no more roles than bits, and no more issuers than are tried", "[auth_file]") {
  std::string text;
  for (std::size_t i = 0; i < most_roles; ++i) text += "[role.r" + std::to_string(i) + "]\n";
  CHECK(fault(text).empty());
  CHECK_THAT(fault(text + "[role.more]\n"), Contains("role.more: there are more than 63 roles"));
}

TEST_CASE("an issuer's key is of its algorithm, and only what is needed of it", "[auth_file]") {
  const Folder folder("auth_file");
  const auto rsa = TokenSigner::with_rsa();
  const auto curve = TokenSigner::with_curve();
  tests::write_content(folder / "secret", std::string(32, 's') + "\n");
  tests::write_content(folder / "short", std::string(31, 's') + "\n");
  tests::write_content(folder / "rsa.pem", rsa.public_key());
  tests::write_content(folder / "rsa_private.pem", rsa.private_key());
  tests::write_content(folder / "rsa1024.pem", TokenSigner::with_rsa(1024).public_key());
  tests::write_content(folder / "ec.pem", curve.public_key());
  tests::write_content(folder / "p384.pem", TokenSigner::with_curve("P-384").public_key());
  const auto issuer = [&](const std::string& algorithm, const std::string& key,
                          const std::string& more = "") {
    const auto file =
        parse_auth_file("[[jwt]]\nalgorithm = \"" + algorithm + "\"\nkey = \"" + key + "\"\n" + more,
                        "auth.toml", folder.path());
    return file ? "" : file.error().message;
  };
  CHECK(issuer("HS256", "secret") == "");
  CHECK(issuer("RS256", "rsa.pem") == "");
  CHECK(issuer("ES256", "ec.pem",
               "kid = \"k\"\nleeway = \"0s\"\nmax_lifetime = \"1h\"\nroles_claim = \"groups\"\n") == "");
  CHECK_THAT(issuer("HS256", "short"), Contains("32 bytes or more"));
  CHECK_THAT(issuer("HS256", "rsa.pem"), Contains("HS256 wants a secret"));
  CHECK_THAT(issuer("RS256", "ec.pem"), Contains("RS256 wants a key of RSA"));
  CHECK_THAT(issuer("RS256", "rsa1024.pem"), Contains("2048 bits"));
  CHECK_THAT(issuer("RS256", "secret"), Contains("no public key in PEM"));
  CHECK_THAT(issuer("RS256", "rsa_private.pem"), Contains("private key"));
  CHECK_THAT(issuer("ES256", "rsa.pem"), Contains("P-256"));
  CHECK_THAT(issuer("ES256", "p384.pem"), Contains("P-256"));
  CHECK_THAT(issuer("HS256", "secret", "roles_claim = \"aud\"\n"), Contains("has a meaning of its own"));
  CHECK_THAT(issuer("HS256", "secret", "leeway = \"1h\"\n"), Contains("leeway: must be from 0s to 600s"));
  CHECK_THAT(issuer("HS256", "secret", "algoritm = 1\n"), Contains("did you mean algorithm?"));
}
