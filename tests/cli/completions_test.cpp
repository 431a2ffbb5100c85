#include "cli/completions.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "cli/man_page.hpp"

using namespace troupe::cli;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

const std::vector<DescribedCommand> described_ones{
    {"serve",
     "",
     "Serves.",
     {{{"-p", "--port"}, "N", "where. It's \\here", "[server]"},
      {{"--io"}, "ENGINE", "how", "[workers]", {"epoll", "io_uring"}},
      {{"--quiet"}, "", "says nothing", "Running"}},
     "Example:\n  troupe serve\n"},
    {"auth", "new-key", "Makes a key.", {{{"FILE"}, "FILE", "of rules", "Positionals"}}}};

}  // namespace

TEST_CASE("completions know commands, their flags, and the values of those that have only some", "[cli]") {
  const auto script = bash_completions(described_ones);
  CHECK_THAT(script, Contains("\"serve auth --help --version\""));
  CHECK_THAT(script, Contains("serve) words=\"--port --io --quiet\" ;;"));
  CHECK_THAT(script, Contains("auth) words=\"new-key\" ;;"));
  CHECK_THAT(script,
             Contains("--io) COMPREPLY=($(compgen -W \"epoll io_uring\" -- \"$current\")); return ;;"));
  CHECK_THAT(script, Contains("--port | -p) return ;;"));  // anything, files too
}

TEST_CASE("completions of zsh say what each command and flag is for, in its own quotes", "[cli]") {
  const auto script = zsh_completions(described_ones);
  CHECK_THAT(script, StartsWith("#compdef troupe\n"));
  CHECK_THAT(script, Contains("      'serve:Serves.'\n      'auth:Makes a key.'\n"));
  CHECK_THAT(script, Contains("'*--port[where. It'\\''s \\\\here]:N:_files'"));
  CHECK_THAT(script, Contains("'*-p[where."));
  CHECK_THAT(script, Contains("'*--io[how]:ENGINE:(epoll io_uring)'"));
  CHECK_THAT(script, Contains("'*--quiet[says nothing]' ;;"));
  CHECK_THAT(script,
             Contains("auth) _arguments \\\n      '1:command:(new-key)' \\\n      '*:FILE:_files' ;;"));
}

TEST_CASE("the manual page has every command and flag, settings once, and no text that is a request",
          "[cli]") {
  const auto page = man_page(described_ones, "Exit codes:\n  0  success\n");
  CHECK_THAT(page, Contains(".SS troupe serve\nServes.\n"));
  CHECK_THAT(page, Contains(".SS troupe auth new\\-key\n"));
  CHECK_THAT(page, Contains(".B \\-\\-quiet \nsays nothing\n"));
  CHECK_THAT(page, !Contains("It's"));  // a setting of the first command: told below SETTINGS
  CHECK_THAT(page, Contains(".BR \\-\\-port \", TROUPE_SERVER_PORT, key server.port\"\n"));
  CHECK_THAT(page, Contains(".SH EXIT STATUS\n.nf\n  0  success\n.fi\n"));
  const std::vector<DescribedCommand> odd{{"x", "", ".TH no request, \\fBno escape", {}, "'nor this"}};
  CHECK_THAT(man_page(odd, ""),
             Contains("\n\\&.TH no request, \\efBno escape\n") && Contains("\n\\&'nor this\n"));
}
