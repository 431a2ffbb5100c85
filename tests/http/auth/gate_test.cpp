#include "http/auth/gate.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "helpers/folder.hpp"
#include "helpers/signed_tokens.hpp"
#include "support/sha256.hpp"

using namespace troupe;
using namespace troupe::http;
using Catch::Matchers::Contains;

namespace {

/// A gate in front of one endpoint, whose rows a clerk may list, at a time of the test's own.
class OneGate {
 public:
  explicit OneGate(const std::string& more = "", Operation operation = Operation::list) {
    tests::write_content(folder_ / "secret", secret);
    auto file = parse_auth_file(
        "[role.clerk]\nitems = [\"list\"]\n[role.guest]\n[key.till]\nsha256 = \"" + sha256_hex("till-key") +
            "\"\nroles = [\"clerk\"]\n[key.visitor]\nsha256 = \"" + sha256_hex("visitor-key") +
            "\"\nroles = [\"guest\"]\n[[jwt]]\nalgorithm = \"HS256\"\nkey = \"secret\"\n"
            "leeway = \"0s\"\n" +
            more,
        "auth.toml", folder_.path());
    if (!file) FAIL(file.error().message);
    auto rules = std::make_shared<const Rules>(*std::move(file));
    for (const auto each : {Operation::list, operation}) {
      endpoints_.push_back({Method::get, "/items/", "GET /items/", nullptr});
      endpoints_.back().operation = each;
      endpoints_.back().resource = postgres::declared_items();
    }
    rules->resolve(endpoints_);
    const auto useful = Rules::useful_roles(endpoints_);
    gate_ = std::make_unique<Gate>(std::move(rules), useful, [this] {
      return std::chrono::system_clock::time_point(std::chrono::seconds(now));
    });
  }

  /// The exchange after the gate, and its answer: 200 stands for none.
  Response ask(Request request, bool routed = true) {
    exchange = Exchange{};
    exchange.request = std::move(request);
    if (routed) exchange.endpoint = &endpoints_.back();
    auto refused = gate_->refuse(exchange);
    return refused ? std::move(*refused) : Response{200, {}, {}, {}};
  }
  int status(Request request, bool routed = true) { return ask(std::move(request), routed).status; }

  static const std::string secret;
  int now = 1000;
  Exchange exchange;

 private:
  tests::Folder folder_{"gate"};
  std::vector<Endpoint> endpoints_;
  std::unique_ptr<Gate> gate_;
};

const std::string OneGate::secret(32, 's');

Request bearer(const std::string& credential) {
  Request request;
  request.authorization = "Bearer " + credential;
  return request;
}

Request with_cookie(Method method, const std::string& key, const std::string& origin) {
  Request request;
  request.method = method;
  request.cookie = "troupe_login=" + key;
  request.origin = origin;
  request.host = "shop:8080";
  return request;
}

const std::string anybody_lists = "[role.anonymous]\nitems = [\"list\"]\n";

}  // namespace

TEST_CASE("a key opens what its roles allow", "[gate]") {
  OneGate gate;
  CHECK(gate.status(bearer("till-key")) == 200);
  REQUIRE(gate.exchange.caller);
  CHECK(gate.exchange.caller->name == "till");
  CHECK(gate.exchange.restricted);
  Request by_field;
  by_field.api_key = "till-key";
  CHECK(gate.status(by_field) == 200);
  const auto refused = gate.ask(bearer("visitor-key"));
  CHECK(refused.status == 403);
  CHECK(refused.content_type == problem_content_type);
  CHECK_THAT(refused.body, Contains("urn:troupe:problem:not-allowed"));
}

TEST_CASE("who shows nothing is challenged", "[gate]") {
  OneGate gate;
  const auto refused = gate.ask({});
  CHECK(refused.status == 401);
  CHECK_THAT(refused.fields, Contains("WWW-Authenticate: Bearer realm=\"troupe\"\r\n"));
  CHECK_THAT(refused.body, Contains("\"status\":401"));
  CHECK_FALSE(gate.exchange.caller);
}

TEST_CASE("a bad credential is refused, also where none is needed", "[gate]") {
  OneGate gate(anybody_lists);
  CHECK(gate.status({}) == 200);
  const auto refused = gate.ask(bearer("till-kez"));
  CHECK(refused.status == 401);
  CHECK_THAT(refused.fields,
             Contains("error=\"invalid_token\", error_description=\"the key or token is not known here\""));
  CHECK(refused.fields.find("till-kez") == std::string::npos);
  CHECK(gate.status(bearer("troupe_")) == 401);
  CHECK(gate.status(bearer(std::string(10'000, 'a'))) == 401);
  Request basic;
  basic.authorization = "Basic YTpi";
  CHECK(gate.status(basic) == 401);
  auto both = bearer("till-key");
  both.api_key = "till-key";
  const auto unclear = gate.ask(both);
  CHECK(unclear.status == 400);
  CHECK_THAT(unclear.fields, Contains("error=\"invalid_request\""));
}

TEST_CASE("what is open asks nobody, and what was forgotten is open to nobody", "[gate]") {
  OneGate open("", Operation::open);
  CHECK(open.status(bearer("nonsense")) == 200);
  CHECK_FALSE(open.exchange.restricted);
  OneGate forgotten(anybody_lists, Operation::unsaid);
  CHECK(forgotten.status(bearer("till-key")) == 403);
}

TEST_CASE("who may do nothing is not told what is not there", "[gate]") {
  OneGate gate;
  CHECK(gate.status({}, false) == 401);
  CHECK(gate.status(bearer("visitor-key"), false) == 403);
  CHECK(gate.status(bearer("till-key"), false) == 200);
}

TEST_CASE("a token that was found good is not good any longer than it says", "[gate]") {
  OneGate gate;
  const auto token =
      tests::TokenSigner::with_secret(OneGate::secret).token(R"({"exp":1060,"roles":["clerk"],"sub":"ada"})");
  CHECK(gate.status(bearer(token)) == 200);
  CHECK(gate.exchange.caller->name == "jwt:ada");
  const auto first = gate.exchange.caller;
  gate.now = 1059;
  CHECK(gate.status(bearer(token)) == 200);
  CHECK(gate.exchange.caller == first);  // it was remembered
  gate.now = 1060;
  const auto refused = gate.ask(bearer(token));
  CHECK(refused.status == 401);
  CHECK_THAT(refused.fields, Contains("the token has expired"));
}

TEST_CASE("a token by other rules is looked at again", "[gate]") {
  const auto token =
      tests::TokenSigner::with_secret(OneGate::secret).token(R"({"exp":1060,"roles":["clerk"]})");
  {
    OneGate before;
    CHECK(before.status(bearer(token)) == 200);
  }
  OneGate after("audience = \"shop\"\n");
  CHECK(after.status(bearer(token)) == 401);
}

TEST_CASE("a browser's login changes something only from a page of this server", "[gate]") {
  OneGate gate;
  const std::string own = "http://shop:8080";
  CHECK(gate.status(with_cookie(Method::get, "till-key", "")) == 200);
  CHECK(gate.status(with_cookie(Method::head, "till-key", "")) == 200);
  CHECK(gate.status(with_cookie(Method::get, "other", "")) == 401);
  for (const auto method : {Method::post, Method::put, Method::patch, Method::delete_}) {
    CHECK(gate.status(with_cookie(method, "till-key", own)) == 200);
    CHECK(gate.status(with_cookie(method, "till-key", "")) == 403);
    CHECK(gate.status(with_cookie(method, "till-key", "null")) == 403);
    CHECK(gate.status(with_cookie(method, "till-key", "http://evil")) == 403);
  }
  auto by_field = bearer("till-key");
  by_field.method = Method::post;
  by_field.origin = "http://evil";
  CHECK(gate.status(by_field) == 200);  // a browser never adds this field by itself
}

TEST_CASE("a key can be asked after without a request", "[gate]") {
  const tests::Folder folder("gate_who");
  auto file = parse_auth_file("[key.till]\nsha256 = \"" + sha256_hex("till-key") + "\"\nroles = []\n",
                              "auth.toml", {});
  REQUIRE(file.has_value());
  const Gate gate(std::make_shared<const Rules>(*std::move(file)), 0,
                  [] { return std::chrono::system_clock::time_point(); });
  REQUIRE(gate.who_has("till-key"));
  CHECK(gate.who_has("till-key")->name == "till");
  CHECK_FALSE(gate.who_has("till-kez"));
}
