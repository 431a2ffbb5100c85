#include "http/auth/json_web_token.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "helpers/folder.hpp"
#include "helpers/signed_tokens.hpp"
#include "schema/base64.hpp"

using namespace troupe;
using namespace troupe::http;
using Catch::Matchers::Contains;
using tests::Folder;
using tests::TokenSigner;

namespace {

const std::string secret(32, 's');

/// Rules with one issuer, or more, whose keys are in files.
class Issuers {
 public:
  void add(const std::string& algorithm, const std::string& material, const std::string& more = "") {
    const auto name = std::to_string(count_++) + ".key";
    tests::write_content(folder_ / name, material);
    text_ += "[[jwt]]\nalgorithm = \"" + algorithm + "\"\nkey = \"" + name + "\"\nleeway = \"10s\"\n" + more;
  }

  /// "" or why it is refused.
  std::string fault(const std::string& token, double now = 1000) const {
    const auto good = check_token(token, rules(), now);
    return good ? "" : good.error().message;
  }

  Rules rules() const {
    auto file = parse_auth_file("[role.clerk]\n[role.boss]\n" + text_, "auth.toml", folder_.path());
    if (!file) FAIL(file.error().message);
    return Rules(*std::move(file));
  }

 private:
  Folder folder_{"json_web_token"};
  std::string text_;
  int count_ = 0;
};

const std::string unknown = "the key or token is not known here";

std::string with_changed_byte(std::string token, std::size_t at) {
  token[at] = token[at] == 'A' ? 'B' : 'A';
  return token;
}

}  // namespace

TEST_CASE("a good token tells who has it, what they are and until when", "[json_web_token]") {
  Issuers issuers;
  issuers.add("HS256", secret + "\n");
  const auto rules = issuers.rules();
  const auto good = check_token(
      TokenSigner::with_secret(secret).token(R"({"exp":1060,"sub":"ada \u00e4","roles":["clerk","other"]})"),
      rules, 1000);
  REQUIRE(good.has_value());
  CHECK(good->caller->name == "jwt:ada???");
  CHECK(good->caller->roles == (rules.roles_of({"clerk"}) | Rules::everybody));
  CHECK(good->expires == 1070);
}

TEST_CASE("roles come as a list or as words", "[json_web_token]") {
  Issuers issuers;
  issuers.add("HS256", secret, "roles_claim = \"scope\"\n");
  const auto rules = issuers.rules();
  for (const std::string roles : {R"("boss  clerk")", R"(["clerk","boss"])"}) {
    const auto good = check_token(
        TokenSigner::with_secret(secret).token(R"({"exp":1060,"scope":)" + roles + "}"), rules, 1000);
    REQUIRE(good.has_value());
    CHECK(good->caller->roles == (rules.roles_of({"clerk", "boss"}) | Rules::everybody));
  }
}

TEST_CASE("claims are checked against the clock and the issuer's entry", "[json_web_token]") {
  Issuers issuers;
  issuers.add("HS256", secret, "issuer = \"login\"\naudience = \"shop\"\nmax_lifetime = \"1h\"\n");
  const auto signer = TokenSigner::with_secret(secret);
  const std::vector<std::pair<std::string, std::string>> rows{
      {R"("exp":1060,"iat":1000,"iss":"login","aud":"shop")", ""},
      {R"("exp":1060.5,"iat":9.99e2,"iss":"login","aud":["x","shop"])", ""},
      {R"("exp":991,"iat":0,"iss":"login","aud":"shop")", ""},
      {R"("exp":990,"iat":0,"iss":"login","aud":"shop")", "the token has expired"},
      {R"("exp":-1,"iat":-2,"iss":"login","aud":"shop")", "the token has expired"},
      {R"("iat":1000,"iss":"login","aud":"shop")", "the token has no end (exp)"},
      {R"("exp":1060,"nbf":1010,"iat":1000,"iss":"login","aud":"shop")", ""},
      {R"("exp":1060,"nbf":1011,"iat":1000,"iss":"login","aud":"shop")", "the token is not valid yet (nbf)"},
      {R"("exp":1060,"iat":1011,"iss":"login","aud":"shop")", "the token is of the future (iat)"},
      {R"("exp":1060,"iss":"login","aud":"shop")", "the token lives too long"},
      {R"("exp":4601,"iat":1000,"iss":"login","aud":"shop")", "the token lives too long"},
      {R"("exp":1060,"iat":1000,"aud":"shop")", "the token is of another issuer"},
      {R"("exp":1060,"iat":1000,"iss":"login2","aud":"shop")", "the token is of another issuer"},
      {R"("exp":1060,"iat":1000,"iss":"login")", "the token is for another audience"},
      {R"("exp":1060,"iat":1000,"iss":"login","aud":"Shop")", "the token is for another audience"},
      {R"("exp":1060,"iat":1000,"iss":"login","aud":[])", "the token is for another audience"},
  };
  for (const auto& [claims, expected] : rows) {
    CAPTURE(claims);
    CHECK(issuers.fault(signer.token("{" + claims + "}")) == expected);
  }
}

TEST_CASE("a token for somebody is refused where nobody said who this is", "[json_web_token]") {
  Issuers issuers;
  issuers.add("HS256", secret);
  const auto signer = TokenSigner::with_secret(secret);
  CHECK(issuers.fault(signer.token(R"({"exp":1060})")).empty());
  CHECK(issuers.fault(signer.token(R"({"exp":1060,"aud":"shop"})")) == "the token is for another audience");
}

TEST_CASE("malformed claims are refused though they are signed", "[json_web_token]") {
  Issuers issuers;
  issuers.add("HS256", secret);
  const auto signer = TokenSigner::with_secret(secret);
  const std::string claims = GENERATE(
      R"({"exp":1060,"exp":1070})", R"({"exp":1060,"roles":["clerk"],"roles":["boss"]})", R"({"exp":"1060"})",
      R"({"exp":null})", R"({"exp":true})", R"({"exp":[1060]})", R"({"exp":{}})", R"({"exp":1e999})",
      R"({"exp":1060,"iss":1})", R"({"exp":1060,"aud":{"a":"b"}})", R"({"exp":1060,"aud":[["shop"]]})",
      R"({"exp":1060,"aud":[1]})", R"({"exp":1060,"sub":["a"]})", R"({"exp":1060,"roles":5})", R"([])",
      R"("x")", "1060", "", "{", R"({"exp":1060}x)", R"({"exp":1060}{})", R"({"exp":1060,})",
      R"({'exp':1060})", R"({"exp":1060,"\u0065xp":1070})", R"({"exp":1060} /* */)", "\xff");
  CAPTURE(claims);
  CHECK(issuers.fault(signer.token(claims)) == "the token's claims are malformed");
}

TEST_CASE("claims that mean nothing here are passed over, however they look", "[json_web_token]") {
  Issuers issuers;
  issuers.add("HS256", secret);
  CHECK(issuers.fault(TokenSigner::with_secret(secret).token(
            R"({"a":{"exp":1,"b":[{"exp":2}]},"exp":1060,"a":null,"c":[1,"x",{"aud":3}],"d":true})")) == "");
}

TEST_CASE("each algorithm takes what its own key has signed", "[json_web_token]") {
  const std::string claims = R"({"exp":1060})";
  const auto rsa = TokenSigner::with_rsa();
  const auto curve = TokenSigner::with_curve();
  Issuers issuers;
  issuers.add("HS256", secret);
  issuers.add("RS256", rsa.public_key());
  issuers.add("ES256", curve.public_key());
  for (const auto& signer : {TokenSigner::with_secret(secret), rsa, curve}) {
    const auto token = signer.token(claims);
    CAPTURE(token);
    CHECK(issuers.fault(token) == "");
    CHECK(issuers.fault(with_changed_byte(token, token.find('.') + 3)) == unknown);
    CHECK(issuers.fault(with_changed_byte(token, token.rfind('.') + 3)) == unknown);
    CHECK(issuers.fault(token.substr(0, token.rfind('.') + 1)) == unknown);
    CHECK(issuers.fault(token.substr(0, token.size() - 4)) == unknown);
  }
  CHECK(issuers.fault(TokenSigner::with_secret(std::string(32, 't')).token(claims)) == unknown);
  CHECK(issuers.fault(TokenSigner::with_rsa().token(claims)) == unknown);
  CHECK(issuers.fault(TokenSigner::with_curve().token(claims)) == unknown);
}

TEST_CASE("the algorithm is the key's, whatever the token says", "[json_web_token]") {
  const std::string claims = R"({"exp":1060,"roles":["boss"]})";
  const auto rsa = TokenSigner::with_rsa();
  Issuers issuers;
  issuers.add("RS256", rsa.public_key());
  const auto unsigned_text =
      schema::base64url_of(R"({"alg":"none"})") + '.' + schema::base64url_of(claims) + '.';
  CHECK(issuers.fault(unsigned_text) == unknown);
  for (const std::string none : {"none", "None", "NONE", "nOnE", "", "RS512", "PS256", "HS384", "rs256"})
    CHECK(issuers.fault(rsa.token(R"({"alg":")" + none + "\"}", claims)) == unknown);
  // The public key, which everybody knows, as the secret of HS256.
  const auto confused = TokenSigner::with_secret(rsa.public_key());
  CHECK(issuers.fault(confused.token(R"({"alg":"HS256"})", claims)) == unknown);
  CHECK(issuers.fault(confused.token(R"({"alg":"RS256"})", claims)) == unknown);
  CHECK(issuers.fault(rsa.token(R"({"alg":"RS256"})", claims)) == "");
}

TEST_CASE("a signature of ES256 of zeros signs nothing", "[json_web_token]") {
  Issuers issuers;
  issuers.add("ES256", TokenSigner::with_curve().public_key());
  const auto text =
      schema::base64url_of(R"({"alg":"ES256"})") + '.' + schema::base64url_of(R"({"exp":1060})") + '.';
  for (const std::size_t size : {0, 1, 63, 64, 65, 128})
    CHECK(issuers.fault(text + schema::base64url_of(std::string(size, '\0'))) == unknown);
}

TEST_CASE("a malformed header is refused", "[json_web_token]") {
  Issuers issuers;
  issuers.add("HS256", secret);
  const auto signer = TokenSigner::with_secret(secret);
  const std::string header = GENERATE(R"({})", R"({"alg":["HS256"]})", R"({"alg":"HS256","alg":"HS256"})",
                                      R"({"alg":"HS256","crit":["b64"]})", R"({"alg":"HS256","kid":7})",
                                      R"({"alg":"HS256"}})", "", "[]", R"({"alg":"HS256")");
  CAPTURE(header);
  CHECK(issuers.fault(signer.token(header, R"({"exp":1060})")) == unknown);
}

TEST_CASE("a text that is no token is refused, however it is cut", "[json_web_token]") {
  Issuers issuers;
  issuers.add("HS256", secret);
  const auto token = TokenSigner::with_secret(secret).token(R"({"exp":1060})");
  for (std::size_t size = 0; size < token.size(); ++size)
    CHECK(issuers.fault(token.substr(0, size)) == unknown);
  for (const auto& text :
       {token + ".", token + "=", token + "!", "." + token, token + "." + token, std::string("..")})
    CHECK(issuers.fault(text) == unknown);
  const auto huge =
      TokenSigner::with_secret(secret).token(R"({"exp":1060,"x":")" + std::string(9000, 'x') + "\"}");
  CHECK(issuers.fault(huge) == unknown);
  const auto deep = std::string(100, '[') + std::string(100, ']');
  CHECK(issuers.fault(TokenSigner::with_secret(secret).token(R"({"exp":1060,"x":)" + deep + "}")) ==
        "the token's claims are malformed");
}

TEST_CASE("a key with a name checks only tokens that name it", "[json_web_token]") {
  const std::string other(32, 'o');
  Issuers issuers;
  issuers.add("HS256", secret, "kid = \"one\"\n");
  issuers.add("HS256", other, "kid = \"two\"\n");
  const auto fault = [&](const std::string& key, const std::string& header) {
    return issuers.fault(TokenSigner::with_secret(key).token(header, R"({"exp":1060})"));
  };
  CHECK(fault(secret, R"({"alg":"HS256","kid":"one"})") == "");
  CHECK(fault(other, R"({"alg":"HS256","kid":"two"})") == "");
  CHECK(fault(secret, R"({"alg":"HS256","kid":"two"})") == unknown);
  CHECK(fault(secret, R"({"alg":"HS256"})") == unknown);
}
