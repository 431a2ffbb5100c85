#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "helpers/processes.hpp"
#include "helpers/server_process.hpp"

using namespace troupe::tests;
using Catch::Contains;
using Catch::EndsWith;

TEST_CASE("whatever command finds no PostgreSQL says who named it, and what goes without", "[e2e]") {
  static const TemporaryDirectory directory;
  const auto out = (directory.path() / "sweep").string();
  struct Row {
    std::vector<std::string> command;
    bool brings_its_own;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {{"serve", "--port", "0"}, true},
      {{"simulate", "--users", "1", "--duration", "1s"}, true},
      {{"simulate", "--users", "1", "--duration", "1s", "--resources", "auto"}, false},
      {{"sweep", "--users", "1", "--duration", "1s", "--quiet", "--out", out}, true},
      {{"sweep", "--users", "1", "--duration", "1s", "--quiet", "--out", out, "--resources", "auto",
        "--scenario", "shop"},
       false},
      {{"resources"}, false},
      {{"copies"}, false},
  }));
  Launch launch{row.command};
  launch.arguments.insert(launch.arguments.end(), {"--connect-timeout", "3s"});
  launch.environment["DATABASE_URL"] = "postgresql://me:hunter2@127.0.0.1:1/db";
  const auto refused = run_troupe(launch);
  CAPTURE(row.command, refused.out, refused.err);
  CHECK(refused.code == 3);
  CHECK_THAT(refused.err, Contains("(database.url: environment DATABASE_URL") && EndsWith(")\n"));
  CHECK_THAT(refused.err, !Contains("hunter2"));
  CHECK((refused.err.find("; without it Troupe brings a PostgreSQL of its own)") != std::string::npos) ==
        row.brings_its_own);
}
