#include "cli/resources.hpp"

#include <iostream>

#include "cli/common/command_line.hpp"
#include "cli/common/database_fault.hpp"
#include "cli/common/exit_code.hpp"
#include "postgres/catalogue/resources.hpp"
#include "schema/file/resource_file_text.hpp"
#include "support/settings_load.hpp"

namespace troupe::cli {
namespace {

constexpr std::string_view resources_notes =
    R"(Every table with a primary key on the search_path of the user is listed; partitions are left to their parent,
views are left out. What the file says is what holds without it: narrow it, and serve it. DATABASE_URL sets
--database-url, too.

Examples:
  troupe resources --database-url postgresql://app@db/shop > shop.toml
  troupe serve --database-url postgresql://app@db/shop --resources shop.toml
      serves what the file says
  troupe serve --database-url postgresql://app@db/shop --resources auto
      serves all of it, without a file

Exit codes:
  0  success
  2  a mistake on the command line, or no table to serve
  3  PostgreSQL cannot be reached
)";

int print_resources(const LoadedSettings& settings) {
  const auto& database = settings.settings.database;
  if (database.url.empty())
    return usage_fault("resources needs --database-url: an embedded database has no tables of yours");
  const auto loaded = postgres::load_resources(database.url, database.connect_timeout, {});
  if (!loaded) return database_fault(loaded.error(), settings, Without::cannot_run);
  if (loaded->empty())
    return usage_fault("there is no table with a primary key on the search_path that this user may read");
  std::cout << schema::resource_file_text(*loaded);
  return exit_ok;
}

}  // namespace

int resources(const std::vector<std::string>& arguments) {
  CLI::App app("Prints a resource file for the tables of a database.", "troupe resources");
  FlagValues values;
  add_database_flags(app, values);
  app.footer(std::string(resources_notes));
  if (const auto done = parse(app, arguments)) return *done;
  const auto settings = load_settings(values, process_environment(), std::nullopt);
  if (!settings) return usage_fault(settings.error().message);
  return print_resources(*settings);
}

}  // namespace troupe::cli
