// However commands are gathered, clients get the same answers and the same rows: a random sequence of
// operations, sent by several clients at once, each with rows of its own and one that all of them change.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "helpers/http_client.hpp"
#include "helpers/parallel.hpp"
#include "helpers/resource_server.hpp"

using namespace troupe::tests;

namespace {

constexpr int clients = 8;
constexpr int operations = 150;  ///< of each client

const std::string tables_sql = R"sql(
CREATE TABLE owners (id int PRIMARY KEY, name text);
INSERT INTO owners SELECT n, 'owner ' || n FROM generate_series(0, 7) n;
CREATE TABLE things (
  code text PRIMARY KEY,
  client int NOT NULL,
  tag text UNIQUE,
  rank int CHECK (rank < 50),
  amount numeric(6,2) NOT NULL DEFAULT 1.50,
  owner int REFERENCES owners);
CREATE TABLE lines (client int, title text, number smallint, note varchar(8) DEFAULT 'none', PRIMARY KEY (client, title, number));
CREATE TABLE days (day date, client int, total real DEFAULT 0.5, PRIMARY KEY (day, client));
CREATE TABLE picky (id int PRIMARY KEY, client int, what text);
CREATE FUNCTION pick() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.what = 'none' THEN RETURN NULL; END IF;
  IF NEW.what = 'loud' THEN RAISE EXCEPTION 'too loud'; END IF;
  NEW.what := upper(NEW.what);
  RETURN NEW; END $$;
CREATE TRIGGER picks BEFORE INSERT OR UPDATE ON picky FOR EACH ROW EXECUTE FUNCTION pick();
CREATE TABLE shared (k text PRIMARY KEY, c0 int, c1 int, c2 int, c3 int, c4 int, c5 int, c6 int, c7 int);
INSERT INTO shared VALUES ('a/b'), ('%');
)sql";

struct Operation {
  std::string method, target, body{};
  bool conditional = false;  ///< with If-Match: the tag that the target had last
  bool others_too = false;   ///< others change the row, so only the status is sure
};

/// Makes one client's operations from a seed.
class Operations {
 public:
  Operations(unsigned seed, int client)
      : random_(seed * 100 + static_cast<unsigned>(client)), client_(std::to_string(client)) {}

  Operation next() {
    switch (below(12)) {
      case 0:
      case 1:
        return shared();
      case 2:
      case 3:
        return line();
      case 4:
        return day();
      case 5:
      case 6:
        return picky();
      case 7:
        return list();
      case 8:
        return several();
      default:
        return thing();
    }
  }

 private:
  int below(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  std::string number(int count) { return std::to_string(below(count)); }

  template <std::size_t count>
  std::string one_of(const std::array<const char*, count>& texts) {
    return texts[random_() % count];
  }

  std::string name() {
    return one_of<6>({"a/b", "%", "😀", "x y", "..", "q'\\\"\""}).append(client_).append(number(2));
  }
  static std::string quoted(const std::string& text) {
    std::string json = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') json += '\\';
      json += c;
    }
    return json + '"';
  }

  /// Members of a thing, some of them wrong.
  std::string members() {
    std::string json = "\"client\":" + client_;
    if (below(2) == 0)
      json += ",\"tag\":" + (below(3) == 0 ? "null" : quoted("tag" + number(4) + "of" + client_));
    if (below(2) == 0) json += ",\"rank\":" + number(60);
    if (below(3) == 0) json += ",\"amount\":" + one_of<4>({"0.10", "9999.99", "10000", "\"x\""});
    if (below(3) == 0) json += ",\"owner\":" + number(10);
    return json;
  }

  Operation thing() {
    const auto code = name();
    const auto target = "/things/" + percent_encoded(code);
    switch (below(6)) {
      case 0:
        return {"POST", "/things/", "{\"code\":" + quoted(code) + "," + members() + "}"};
      case 1:
        return {"PUT", target, "{" + members() + "}", below(3) == 0};
      case 2:
      case 3:
        return {"PATCH", target, "{" + members() + "}", below(3) == 0};
      case 4:
        return {"DELETE", target, {}, below(2) == 0};
      default:
        return {"GET", target};
    }
  }

  Operation several() {
    std::string body = "[";
    for (int i = below(3); i >= 0; --i)
      body += "{\"code\":" + quoted(name()) + "," + members() + "}" + (i > 0 ? "," : "]");
    return {"POST", "/things/", body};
  }

  Operation line() {
    const auto target = "/lines/" + client_ + "/" + percent_encoded(name()) + "/" + number(3);
    switch (below(4)) {
      case 0:
        return {"DELETE", target};
      case 1:
        return {"PATCH", target, "{\"note\":" + one_of<3>({"null", "\"12345678\"", "\"123456789\""}) + "}"};
      case 2:
        return {"GET", target};
      default:
        return {"PUT", target, one_of<2>({"{}", "{\"note\":\"n\"}"})};
    }
  }

  Operation day() {
    const auto target = "/days/2024-02-0" + number(4) + "/" + client_;
    return {one_of<3>({"PUT", "PATCH", "GET"}), target,
            one_of<3>({"{}", "{\"total\":0.1}", "{\"total\":\"NaN\"}"})};
  }

  Operation picky() {
    const auto id = std::to_string(std::stoi(client_) * 10 + below(3));
    const auto body = "{\"client\":" + client_ +
                      ",\"what\":" + one_of<4>({"\"soft\"", "\"none\"", "\"loud\"", "null"}) + "}";
    switch (below(4)) {
      case 0:
        return {"DELETE", "/picky/" + id};
      case 1:
        return {"PATCH", "/picky/" + id, body};
      default:
        return {"PUT", "/picky/" + id, body};
    }
  }

  Operation list() {
    return {"GET",
            one_of<5>({"/things/?order=-rank,tag&count=true&client=", "/things/?limit=2&order=tag&client=",
                       "/lines/?limit=3&fields=number,note&client=", "/days/?order=total&client=",
                       "/picky/?what__isnull=false&client="}) +
                client_};
  }

  /// A column of the client's own, in a row of all clients.
  Operation shared() {
    return {"PATCH", "/shared/" + percent_encoded(one_of<2>({"a/b", "%"})),
            "{\"c" + client_ + "\":" + one_of<4>({"null", "1", "2", "\"x\""}) + "}", false, true};
  }

  std::mt19937 random_;
  std::string client_;
};

/// Sends one client's operations and writes down what came back.
std::vector<std::string> answers_of(std::uint16_t port, unsigned seed, int number) {
  HttpClient client(port);
  Operations source(seed, number);
  std::map<std::string, std::string> tags;
  std::vector<std::string> answers;
  for (int i = 0; i < operations; ++i) {
    const auto operation = source.next();
    std::string fields = operation.body.empty() ? "" : "Content-Type: application/json\r\n";
    if (operation.conditional && tags.contains(operation.target))
      fields += "If-Match: " + tags[operation.target] + "\r\n";
    const auto body = operation.method == "GET" ? std::string() : operation.body;
    const auto answer = client.ask(operation.method, operation.target, fields, body);
    if (answer.has("ETag")) tags[operation.target] = answer.field("ETag");
    auto told =
        operation.method + ' ' + operation.target + ' ' + body + " -> " + std::to_string(answer.status);
    if (!operation.others_too) {
      told += ' ' + answer.body + ' ' + answer.field("Location") + answer.field("Link");
      told += answer.field("X-Total-Count") + (answer.has("ETag") ? " tagged" : "");
    }
    answers.push_back(std::move(told));
  }
  return answers;
}

/// Has any client been told this status?
bool met(const std::vector<std::vector<std::string>>& answers, int status) {
  return std::ranges::any_of(answers, [&](const auto& of_client) {
    return std::ranges::any_of(of_client, [&](const auto& answer) {
      return answer.find(" -> " + std::to_string(status)) != std::string::npos;
    });
  });
}

struct Run {
  std::vector<std::vector<std::string>> answers;  ///< by client
  std::map<std::string, std::vector<std::vector<std::string>>> tables;
};

Run run(const std::string& batching, unsigned seed) {
  ResourceServer server(tables_sql, {"--batching", batching, "--pool-size", "1"});
  Run run;
  run.answers = in_parallel(clients, [&](int number) { return answers_of(server.port(), seed, number); });
  for (const std::string table : {"things", "lines", "days", "picky", "shared"})
    run.tables[table] = server.sql().run("SELECT * FROM " + table + " ORDER BY 1, 2, 3");
  return run;
}

}  // namespace

TEST_CASE("answers and rows do not depend on how commands are batched", "[e2e]") {
  const auto seed = GENERATE(1u, 2u, 3u);
  CAPTURE(seed);
  const auto single = run("off", seed);
  for (const int status : {200, 201, 204, 404, 409, 412, 422}) {
    CAPTURE(status);
    CHECK(met(single.answers, status));
  }
  for (const std::string batching : {"coalesce", "pipeline"}) {
    const auto batched = run(batching, seed);
    CAPTURE(batching);
    for (std::size_t client = 0; client < clients; ++client) {
      for (std::size_t i = 0; i < operations; ++i) {
        CAPTURE(client, i);
        REQUIRE(batched.answers[client][i] == single.answers[client][i]);
      }
    }
    CHECK(batched.tables == single.tables);
  }
}
