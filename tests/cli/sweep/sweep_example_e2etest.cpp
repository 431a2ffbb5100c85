// scripts/sweep-example: a sweep from a shell.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "helpers/sweep_process.hpp"

using namespace troupe::tests;
using Catch::Contains;

namespace {

/// `assignments` come before the script, as in a shell.
Finished run_script(const std::string& assignments, const std::string& arguments) {
  const TemporaryDirectory directory;
  const auto out = directory.path() / "out", err = directory.path() / "err";
  const auto status = std::system((assignments + " " TROUPE_SOURCE_DIR "/scripts/sweep-example " + arguments +
                                   " >" + out.string() + " 2>" + err.string())
                                      .c_str());
  return {WEXITSTATUS(status), content_of(out), content_of(err)};
}

const std::string with_binary = "TROUPE=" TROUPE_BINARY;
const std::string quick = " --stand-in-database --users 4 --duration 1s";

bool has_jq() {
  if (std::system("command -v jq >/dev/null") == 0) return true;
  WARN("skipped: jq is not installed (scripts/setup --tests installs it)");
  return false;
}

}  // namespace

TEST_CASE("the script prints a line for each configuration") {
  if (!has_jq()) return;
  const auto ran = run_script("POOL_SIZES='1 2' BATCHING=off " + with_binary, quick);
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.err.find("sweep-example") ==
        std::string::npos);  // a busy machine may saturate a run, which is told
  CHECK(count_lines(ran.out) == 3);
  CHECK(ran.out.starts_with("pool size  batching   requests/s    p99 (ms)\n1          off  "));
  CHECK_THAT(ran.out, Contains("\n2          off  ") && !Contains("null"));
}

TEST_CASE("the script stops at the first run that fails, with troupe's exit code") {
  if (!has_jq()) return;
  const auto failed = run_script(with_binary, quick + " --fail-if 'p99 > 0us'");
  CHECK(failed.code == 4);
  CHECK(count_lines(failed.out) == 2);  // the figures that failed are told
  CHECK_THAT(failed.err,
             Contains("sweep-example: stopped at pool size 1, batching coalesce: troupe ended with 4\n"));
  const auto wrong = run_script(with_binary, "--usrs 4");
  CHECK(wrong.code == 2);
  CHECK(count_lines(wrong.out) == 1);
  CHECK_THAT(wrong.err, Contains("troupe: unknown flag --usrs; did you mean --users?\n"));
}

TEST_CASE("the script says what it needs") {
  const auto help = run_script("", "--help");
  CHECK(help.code == 0);
  CHECK_THAT(help.out, Contains("usage: ") && Contains("scripts/sweep-example"));
  if (!has_jq()) return;
  const auto nowhere = run_script("TROUPE=/nowhere/troupe", "");
  CHECK(nowhere.code == 2);
  CHECK(nowhere.err ==
        "sweep-example: there is no program /nowhere/troupe: run scripts/build release, or set TROUPE\n");
}
