#include "cli/copies.hpp"

#include <spdlog/fmt/fmt.h>

#include <iostream>

#include "cli/cli.hpp"
#include "cli/command_line.hpp"
#include "cli/startup.hpp"
#include "postgres/copy/copy_marks.hpp"
#include "postgres/copy/copy_room.hpp"
#include "support/settings_load.hpp"
#include "support/settings_table.hpp"

namespace troupe::cli {
namespace {

constexpr const char* copies_notes =
    R"(simulate and sweep work on a copy of a database (--resources with --database-url) and remove it at their end; a crash
can leave one behind. A copy is known by its name, troupe_copy_…, and by a comment on it, and it is in use as long as
its maker lives or anybody is connected to it. Nothing else is ever removed.

Examples:
  troupe copies --database-url postgresql://app@db/shop
  troupe copies --database-url postgresql://app@db/shop --remove

Exit codes:
  0  success
  2  a mistake on the command line, or a copy that could not be removed
  3  PostgreSQL cannot be reached
)";

std::string state_of(const postgres::FoundCopy& copy) {
  if (!copy.marked) return "has the name of a copy, but not its mark: left alone";
  return "a copy of " + copy.mark + (copy.in_use ? "; in use" : "; left behind");
}

int list_copies(const DatabaseSettings& settings, bool remove) {
  if (settings.url.empty())
    return usage_fault("copies needs --database-url: an embedded database takes its copies with it");
  auto session = postgres::maintenance_session(settings.url, settings.connect_timeout, [] { return false; });
  if (!session) return fail(exit_code_of(session.error()), session.error().message);
  const auto found = postgres::find_copies(*session);
  if (!found) return fail(exit_code_of(found.error()), found.error().message);
  int code = exit_ok;
  for (const auto& copy : *found) {
    std::cout << copy.name << (copy.bytes ? "  " + postgres::megabytes(*copy.bytes) : "") << "  "
              << state_of(copy);
    if (remove && copy.marked && !copy.in_use) {
      const auto done = postgres::remove_copy(*session, copy.name);
      std::cout << (done ? "; removed" : "");
      if (!done) code = fail(exit_usage, "could not remove " + copy.name + ": " + done.error().message);
    }
    std::cout << std::endl;
  }
  if (found->empty()) std::cout << "There is no copy on this server." << std::endl;
  return code;
}

}  // namespace

int copies(const std::vector<std::string>& arguments) {
  CLI::App app("Lists the copies of databases that simulate and sweep made, and removes what a crash left.",
               "troupe copies");
  app.set_help_flag("-h,--help", "print this text and exit");
  app.get_formatter()->column_width(40);
  FlagValues values;
  bool remove = false;
  for (const auto* key : {"database.url", "database.connect_timeout"}) {
    const auto& setting = *find_setting(key);
    app.add_option_function<std::string>(
           std::string(setting.flag),
           [&values, &setting](const std::string& text) { values[std::string(setting.key)] = text; },
           std::string(setting.help))
        ->type_name(std::string(setting.value))
        ->take_last();
  }
  app.add_flag("--remove", remove, "remove those that nobody uses");
  app.footer(copies_notes);
  if (const auto done = parse(app, arguments)) return *done;
  const auto settings = load_settings(values, process_environment(), std::nullopt);
  if (!settings) return usage_fault(settings.error().message);
  return list_copies(settings->settings.database, remove);
}

}  // namespace troupe::cli
