#include "cli/scenario_new.hpp"

#include <spdlog/fmt/fmt.h>

#include <filesystem>
#include <iostream>
#include <string_view>

#include "cli/common/client_flags.hpp"
#include "cli/common/command_line.hpp"
#include "cli/common/exit_code.hpp"
#include "cli/common/startup.hpp"
#include "sim/import/har_import.hpp"
#include "sim/import/json_document.hpp"
#include "sim/import/openapi_import.hpp"
#include "sim/transport/fetch.hpp"
#include "support/atomic_file.hpp"
#include "support/conninfo_secrets.hpp"
#include "support/read_file.hpp"
#include "support/secret_text.hpp"
#include "support/text_width.hpp"

namespace troupe::cli {
namespace {

constexpr auto fetch_timeout = std::chrono::seconds(10);

constexpr const char* scenario_new_notes =
    R"(Reads are tasks that weigh more than writes; deletions are there as comments, to be switched on by a person.
Of a login the token is taken and sent. What nobody but you can know (passwords, keys) is a name in braces, and
listed at the top of the file; no secret of a recording is written. docs/reference/simulator.md tells more.

Examples:
  troupe scenario new --from-openapi http://127.0.0.1:8000/openapi.json --output mine.toml
  troupe simulate --scenario mine.toml --target http://127.0.0.1:8000 --check
      tries every request once and prints what was answered
  troupe scenario new --from-har shop.har > shop.toml
      a recording of a browser's developer tools (Network, Save all as HAR)

Exit codes:
  0  success
  2  a mistake on the command line, a document that cannot be read, or an output that cannot be written
  3  the document's server cannot be reached, or did not answer with 2xx
)";

struct ScenarioNewFlags {
  std::string openapi, har, output;
  bool force = false;
  ClientFlags client;
};

/// What a GET of the URL answers.
Result<std::string> fetch_document(const std::string& url, const sim::ClientOptions& options) {
  const auto shown = one_line(mask_secrets(without_password(url)));
  if (const auto known = sim::check_url(url); !known)
    return invalid(fmt::format("--from-openapi '{}' {}", shown, known.error().message));
  auto answer =
      sim::fetch(url, {.timeout = fetch_timeout, .client = options, .most_body = sim::most_document});
  if (!answer) return answer.error();
  if (answer->status / 100 != 2)
    return Error{ErrorCode::unavailable,
                 fmt::format("GET {} answered {}{}", shown, answer->status,
                             answer->status / 100 == 3 ? ": give the URL that it leads to" : "")};
  if (answer->body_is_cut)
    return invalid(fmt::format("the document at {} is larger than {} MiB", shown, sim::most_document >> 20));
  return std::move(answer->body);
}

bool is_url(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://") || text.starts_with("unix:");
}

/// The scenario's text.
Result<std::string> write_scenario(const ScenarioNewFlags& flags) {
  const auto& from = flags.har.empty() ? flags.openapi : flags.har;
  const bool fetched = flags.har.empty() && is_url(from);
  const auto document =
      fetched ? fetch_document(from, flags.client.client()) : read_file(from, sim::most_document);
  if (!document) return document.error();
  const auto shown = one_line(mask_secrets(without_password(from)));
  auto text =
      flags.har.empty() ? sim::scenario_of_openapi(*document, shown) : sim::scenario_of_har(*document, shown);
  if (!text) return Error{text.error().code, fmt::format("{} {}", shown, text.error().message)};
  return text;
}

int print_scenario(const ScenarioNewFlags& flags) {
  if (flags.openapi.empty() == flags.har.empty())
    return usage_fault("scenario new needs either --from-openapi URL|FILE or --from-har FILE");
  std::error_code ignored;  // then writing it will tell
  if (!flags.output.empty() && !flags.force && std::filesystem::exists(flags.output, ignored))
    return usage_fault(fmt::format("--output: {} is there already: name another file, or give --force",
                                   one_line(flags.output)));
  const auto text = write_scenario(flags);
  if (!text) return fail(exit_code_of(text.error()), text.error().message);
  if (flags.output.empty()) {
    std::cout << *text;
    return exit_ok;
  }
  const auto written = write_file(flags.output, *text);
  return written ? exit_ok : fail(exit_usage, written.error().message);
}

}  // namespace

int scenario_new(const std::vector<std::string>& arguments) {
  CLI::App app("Writes a scenario for a service, from what describes it or from a recording of its use.",
               "troupe scenario new");
  app.set_help_flag("-h,--help", "print this text and exit");
  app.get_formatter()->column_width(40);
  ScenarioNewFlags flags;
  app.add_option("--from-openapi", flags.openapi, "an OpenAPI 3.0 or 3.1 document in JSON")
      ->type_name("URL|FILE")
      ->take_last();
  app.add_option("--from-har", flags.har, "a recording of a browser (HAR 1.2)")
      ->type_name("FILE")
      ->take_last();
  app.add_option("--output", flags.output, "write here, and not to standard output")
      ->type_name("FILE")
      ->take_last();
  app.add_flag("--force", flags.force, "write over a file that is there");
  flags.client.add_way_to(app, "The document's server");
  app.footer(scenario_new_notes);
  auto rest = arguments;
  if (!rest.empty() && rest.front() == "new") {
    rest.erase(rest.begin());
  } else if (rest.empty() || !rest.front().starts_with('-')) {
    return usage_fault(
        "troupe scenario has one command, new: see troupe scenario new --help; troupe scenarios "
        "lists those that are there");
  }
  if (const auto done = parse(app, rest)) return *done;
  return print_scenario(flags);
}

}  // namespace troupe::cli
