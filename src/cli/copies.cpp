#include "cli/copies.hpp"

#include <spdlog/fmt/fmt.h>

#include <iostream>

#include "cli/common/command_line.hpp"
#include "cli/common/database_fault.hpp"
#include "cli/common/exit_code.hpp"
#include "cli/common/startup.hpp"
#include "postgres/copy/copy_marks.hpp"
#include "postgres/copy/copy_room.hpp"
#include "support/settings_load.hpp"

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

int list_copies(const LoadedSettings& settings, bool remove) {
  const auto& database = settings.settings.database;
  if (database.url.empty())
    return usage_fault("copies needs --database-url: an embedded database takes its copies with it");
  auto session = postgres::maintenance_session(database.url, database.connect_timeout, [] { return false; });
  if (!session) return database_fault(session.error(), settings, Without::cannot_run);
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
  FlagValues values;
  bool remove = false;
  add_database_flags(app, values);
  app.add_flag("--remove", remove, "remove those that nobody uses");
  app.footer(copies_notes);
  if (const auto done = parse(app, arguments)) return *done;
  const auto settings = load_settings(values, process_environment(), std::nullopt);
  if (!settings) return usage_fault(settings.error().message);
  return list_copies(*settings, remove);
}

}  // namespace troupe::cli
