#include "cli/cli.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <iomanip>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/auth.hpp"
#include "cli/common/command_line.hpp"
#include "cli/common/exit_code.hpp"
#include "cli/compare.hpp"
#include "cli/completions.hpp"
#include "cli/copies.hpp"
#include "cli/described_command.hpp"
#include "cli/man_page.hpp"
#include "cli/report.hpp"
#include "cli/resources.hpp"
#include "cli/scenario_new.hpp"
#include "cli/scenarios.hpp"
#include "cli/serve/serve.hpp"
#include "cli/simulate/simulate.hpp"
#include "cli/simulate/simulate_faults.hpp"
#include "cli/sweep/sweep.hpp"
#include "support/conninfo_secrets.hpp"
#include "support/suggest.hpp"

namespace troupe::cli {
namespace {

constexpr std::string_view exit_codes = R"(Exit codes:
  0  success
  1  a failure without a code of its own
  2  a mistake on the command line or in a setting, or an output that cannot be written
  3  PostgreSQL or the target cannot be reached, or the target is not this API; or not one answer was good
  4  simulate: a --fail-if condition holds, or --check found a fault; compare: a regression
  5  simulate --strict: the load generator was the bottleneck
  6  simulate: nothing measured, or to judge a --fail-if by; compare: too uncertain to show a regression
  130  simulate, sweep: ended early by Ctrl-C; what was measured is written
)";

constexpr const char* serve_examples =
    R"(The value in brackets is the default. Every flag stands for a setting: --port is the
key `port` of the table [server] in the TOML file, and TROUPE_SERVER_PORT in the environment.
A flag beats the environment, which beats the file. DATABASE_URL sets --database-url, too.

Examples:
  troupe serve
      on http://127.0.0.1:8080, with a PostgreSQL of its own
  troupe serve --port 0 --data-dir ./data
      on a free port, which it prints; the data are kept in ./data
  troupe serve --database-url postgresql://app@db/shop --workers 4 --pool-size 8
      on a PostgreSQL that is there already
  troupe serve --database-url postgresql://app@db/shop --resources auto
      serves every table there that has a primary key; see troupe resources --help
  troupe serve --auth auth.toml
      lets those in whom the file names; see troupe auth --help
  troupe serve --batching off --print-config
      shows the settings in force and where each of them comes from
)";

constexpr std::string_view about = R"(Troupe: an actor-model CRUD server on PostgreSQL.

Usage: troupe COMMAND [FLAGS]

Commands:
)";

constexpr std::string_view help_notes = R"(
Flags:
  --help     this text; troupe COMMAND --help tells the flags of a command
  --version  print the version

Examples:
  troupe serve
      serves on http://127.0.0.1:8080, with a PostgreSQL of its own
  troupe serve --port 0 --data-dir ./data
      serves on a free port, which it prints; the data are kept in ./data

)";

int serve(const std::vector<std::string>& arguments) {
  CLI::App app("Serves tables of PostgreSQL over HTTP, or the items API.", "troupe serve");
  SettingFlags flags;
  flags.add_to(app);
  app.footer(serve_examples);
  const auto rest = std::string(1, '\n').append(exit_codes);
  const LongHelp long_help{
      {"--help",      "--help-all",  "--config",       "--print-config", "--host",
       "--port",      "--workers",   "--io",           "--database-url", "--data-dir",
       "--resources", "--pool-size", "--batching",     "--tls",          "--tls-certificate",
       "--tls-key",   "--auth",      "--cors-origins", "--access-log",   "--log-level"},
      rest};
  if (const auto done = parse(app, arguments, long_help)) return *done;
  const auto load_again = [&] { return load_settings(flags.values, process_environment(), flags.config); };
  return with_settings(flags, [&](const LoadedSettings& loaded) { return run_serve(loaded, load_again); });
}

int man(const std::vector<std::string>& arguments);
int completions(const std::vector<std::string>& arguments);

/// Every sub-command: a new one is a new row.
constexpr std::array sub_commands{
    SubCommand{"serve", "serve tables of PostgreSQL over HTTP, or the items API", serve},
    SubCommand{"resources", "print a resource file for the tables of a database", resources},
    SubCommand{"auth", "new-key: make a key for the file of serve --auth", auth, "new-key"},
    SubCommand{"copies", "list the copies of databases that runs made, and remove what a crash left", copies},
    SubCommand{"simulate", "let virtual users work on a server and measure it", simulate},
    SubCommand{"scenarios", "list the scenarios that simulate and sweep know by name", scenarios},
    SubCommand{"scenario", "new: write a scenario from an OpenAPI document or a browser's recording",
               scenario_new, "new"},
    SubCommand{"sweep", "measure a grid of configurations and say which one to run", sweep},
    SubCommand{"simulate-faults",
               "let things break around a server in virtual time, and look for what is lost",
               simulate_faults},
    SubCommand{"report", "make tables, CSV, HTML and others from the results of a run or a sweep", report},
    SubCommand{"compare", "say what differs between two sweeps or two runs, and what is noise", compare},
    SubCommand{"completions", "print what lets a shell complete commands, flags and values", completions},
    SubCommand{"man", "print the manual page", man},
};

constexpr std::string_view completions_notes = R"(Examples:
  source <(troupe completions bash)
      for this shell
  d=~/.local/share/bash-completion/completions; mkdir -p $d; troupe completions bash > $d/troupe
      for every one from now on, where the package bash-completion is installed
  source <(troupe completions zsh)
      the same in zsh, behind compinit; from now on: as _troupe in a folder of $fpath
)";

int completions(const std::vector<std::string>& arguments) {
  CLI::App app("Prints what lets a shell complete commands, flags and values.", "troupe completions");
  app.set_help_flag("-h,--help", "print this text and exit");
  std::string shell;
  app.add_option("SHELL", shell, "bash or zsh")->type_name(" ")->required();
  app.footer(std::string(completions_notes));
  if (const auto done = parse(app, arguments)) return *done;
  if (shell != "bash" && shell != "zsh")
    return usage_fault("completions: expected bash or zsh, not '" + without_password(shell) + "'");
  std::cout << (shell == "zsh" ? zsh_completions : bash_completions)(described(sub_commands));
  return exit_ok;
}

int man(const std::vector<std::string>& arguments) {
  CLI::App app("Prints the manual page, for man.", "troupe man");
  app.set_help_flag("-h,--help", "print this text and exit");
  app.footer("Example:\n  troupe man | man -l -\n");
  if (const auto done = parse(app, arguments)) return *done;
  std::cout << man_page(described(sub_commands), exit_codes);
  return exit_ok;
}

void print_help(std::ostream& out) {
  out << about;
  for (const auto& command : sub_commands) {
    out << "  " << std::left << std::setw(17) << command.name << command.summary << '\n';
  }
  out << help_notes << exit_codes;
}

int unknown_command(const std::string& name) {
  std::vector<std::string_view> names;
  for (const auto& command : sub_commands) names.push_back(command.name);
  const auto shown = without_password(name);
  if (name.starts_with('-')) {
    return usage_fault("expected a command before " + shown + ": " + list_words(names) +
                       "; see troupe --help");
  }
  const auto near = nearest(name, names);
  return usage_fault(
      "unknown command '" + shown + "'; " +
      (near.empty() ? "known: " + list_words(names) : "did you mean " + std::string(near) + "?"));
}

int dispatch(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    print_help(std::cerr);
    return exit_usage;
  }
  const auto& name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help") {
    print_help(std::cout);
    return exit_ok;
  }
  if (name == "--version") {
    std::cout << "troupe " TROUPE_VERSION "\n";
    return exit_ok;
  }
  const auto command = std::ranges::find(sub_commands, name, &SubCommand::name);
  if (command == sub_commands.end()) return unknown_command(name);
  return command->run({arguments.begin() + 1, arguments.end()});
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  try {
    const auto code = dispatch(arguments);
    std::cout.flush();
    if (!std::cout && code == exit_ok) {
      std::cerr << "troupe: cannot write to standard output\n";
      return exit_failure;
    }
    return code;
  } catch (const std::exception& error) {
    std::cerr << "troupe: " << error.what() << '\n';
    return exit_failure;
  }
}

}  // namespace troupe::cli
