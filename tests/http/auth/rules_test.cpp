#include "http/auth/rules.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "helpers/signed_tokens.hpp"

using namespace troupe;
using namespace troupe::http;
using Catch::Matchers::Contains;

namespace {

Rules rules(const std::string& text) {
  auto file = parse_auth_file(text, "auth.toml", {});
  if (!file) FAIL(file.error().message);
  return Rules(*std::move(file));
}

/// Rows of items (whose keys the server chooses), of codes (whose keys clients choose), and the server's own.
std::vector<Endpoint> endpoints() {
  auto codes = postgres::declared_items()->resource;
  codes.name = "codes";
  codes.client_key = true;
  std::vector<Endpoint> all;
  const auto add = [&](Operation operation, postgres::SharedResource resource,
                       std::string_view subject = {}) {
    all.push_back({Method::get, {}, {}, nullptr});
    all.back().operation = operation;
    all.back().resource = std::move(resource);
    all.back().subject = subject;
  };
  for (const auto& resource : {postgres::declared_items(), postgres::serve_resources({codes}).front()}) {
    for (const auto operation : {Operation::list, Operation::get, Operation::create, Operation::update,
                                 Operation::replace, Operation::remove})
      add(operation, resource);
  }
  add(Operation::get, nullptr, "metrics");
  add(Operation::get, nullptr, "docs");
  add(Operation::see, nullptr);
  add(Operation::open, nullptr);
  add(Operation::unsaid, nullptr);
  return all;
}

/// "lgcupd" of items and of codes, "m", "d", "s"ee, "o"pen, "?" for what was forgotten; a dot where it may
/// not.
std::string allowed(const std::string& text, const std::vector<std::string>& roles) {
  const auto made = rules(text);
  auto all = endpoints();
  made.resolve(all);
  std::string letters = "lgcupd lgcupd mdso?";
  std::size_t at = 0;
  for (char& letter : letters) {
    if (letter != ' ' && !all[at++].allows(made.roles_of(roles) | Rules::everybody)) letter = '.';
  }
  return letters;
}

}  // namespace

TEST_CASE("roles allow what they say, and nothing else", "[rules]") {
  struct Row {
    std::string rules;
    std::vector<std::string> roles;
    std::string allowed;
  };
  const std::vector<Row> rows{
      {"", {}, "...... ...... ...o."},
      {"[role.a]\nitems = [\"list\"]\n", {}, "...... ...... ...o."},
      {"[role.a]\nitems = [\"list\"]\n", {"a"}, "l..... ...... ..so."},
      {"[role.a]\nitems = [\"list\"]\n", {"b"}, "...... ...... ...o."},
      {"[role.a]\nitems = []\n", {"a"}, "...... ...... ...o."},
      {"[role.a]\nitems = [\"get\", \"create\"]\n", {"a"}, ".gc... ...... ..so."},
      {"[role.a]\nitems = [\"update\"]\n", {"a"}, "...up. ...... ..so."},
      {"[role.a]\nitems = [\"delete\"]\n", {"a"}, ".....d ...... ..so."},
      {"[role.a]\nitems = [\"*\"]\n", {"a"}, "lgcupd ...... ..so."},
      {"[role.a]\n\"*\" = [\"get\"]\n", {"a"}, ".g.... .g.... ..so."},
      {"[role.a]\n\"*\" = [\"*\"]\n", {"a"}, "lgcupd lgcupd ..so."},
      {"[role.a]\ncodes = [\"update\"]\n", {"a"}, "...... ...u.. ..so."},
      {"[role.a]\ncodes = [\"update\", \"create\"]\n", {"a"}, "...... ..cup. ..so."},
      {"[role.a]\ncodes = [\"update\"]\n[role.b]\ncodes = [\"create\"]\n", {"a", "b"}, "...... ..cup. ..so."},
      {"[role.a]\nmetrics = [\"get\"]\n", {"a"}, "...... ...... m.so."},
      {"[role.a]\ndocs = [\"*\"]\n", {"a"}, "...... ...... .dso."},
      {"[role.anonymous]\nitems = [\"get\"]\n[role.a]\nitems = [\"list\"]\n", {}, ".g.... ...... ..so."},
      {"[role.anonymous]\nitems = [\"get\"]\n[role.a]\nitems = [\"list\"]\n", {"a"}, "lg.... ...... ..so."},
  };
  for (const auto& row : rows) {
    CAPTURE(row.rules, row.roles);
    CHECK(allowed(row.rules, row.roles) == row.allowed);
  }
}

TEST_CASE("the last of as many roles as there can be has a bit of its own", "[rules]") {
  std::string text;
  for (std::size_t i = 0; i < most_roles; ++i) text += "[role.r" + std::to_string(i) + "]\n";
  const auto made = rules(text + "items = [\"list\"]\n");
  std::uint64_t bits = Rules::everybody;
  for (std::size_t i = 0; i < most_roles; ++i) {
    const auto bit = made.roles_of({"r" + std::to_string(i)});
    CHECK(bit != 0);
    CHECK((bits & bit) == 0);
    bits |= bit;
  }
  CHECK(bits == ~std::uint64_t{0});
}

TEST_CASE("a name that nothing has is told, with what was probably meant", "[rules]") {
  auto all = endpoints();
  const auto fault = [&](const std::string& text) {
    const auto known = rules(text).check_names(all);
    return known ? "" : known.error().message;
  };
  CHECK(fault("[role.a]\nitems = [\"*\"]\nmetrics = [\"get\"]\n\"*\" = [\"list\", \"call\"]\n") == "");
  CHECK_THAT(fault("[role.a]\n\nitem = [\"get\"]\n"),
             Contains("auth.toml:3: role.a.item: there is no resource or query of that name") &&
                 Contains("did you mean items?"));
  CHECK_THAT(fault("[role.a]\nqqqqqqqq = [\"get\"]\n"), !Contains("did you mean"));
  CHECK_THAT(fault("[role.a]\nitems = [\"call\"]\n"),
             Contains("what can be allowed there is list, get, create, update and delete"));
  CHECK_THAT(fault("[role.a]\nmetrics = [\"list\"]\n"), Contains("what can be allowed there is get"));
  all.clear();  // a listener of its own may have /metrics
  CHECK(fault("[role.a]\nmetrics = [\"get\"]\ndocs = [\"*\"]\n") == "");
}
