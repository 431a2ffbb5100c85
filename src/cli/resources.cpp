#include "cli/resources.hpp"

#include <iostream>

#include "cli/cli.hpp"
#include "cli/command_line.hpp"
#include "cli/startup.hpp"
#include "postgres/catalogue/resources.hpp"
#include "schema/file/resource_file_text.hpp"
#include "support/settings_load.hpp"
#include "support/settings_table.hpp"

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

int print_resources(const DatabaseSettings& settings) {
  if (settings.url.empty())
    return usage_fault("resources needs --database-url: an embedded database has no tables of yours");
  const auto loaded = postgres::load_resources(settings.url, settings.connect_timeout, {});
  if (!loaded) return fail(exit_code_of(loaded.error()), loaded.error().message);
  if (loaded->empty())
    return usage_fault("there is no table with a primary key on the search_path that this user may read");
  std::cout << schema::resource_file_text(*loaded);
  return exit_ok;
}

}  // namespace

int resources(const std::vector<std::string>& arguments) {
  CLI::App app("Prints a resource file for the tables of a database.", "troupe resources");
  app.set_help_flag("-h,--help", "print this text and exit");
  app.get_formatter()->column_width(40);
  FlagValues values;
  for (const auto* key : {"database.url", "database.connect_timeout"}) {
    const auto& setting = *find_setting(key);
    app.add_option_function<std::string>(
           std::string(setting.flag),
           [&values, &setting](const std::string& text) { values[std::string(setting.key)] = text; },
           std::string(setting.help))
        ->type_name(std::string(setting.value))
        ->take_last();
  }
  app.footer(std::string(resources_notes));
  if (const auto done = parse(app, arguments)) return *done;
  const auto settings = load_settings(values, process_environment(), std::nullopt);
  if (!settings) return usage_fault(settings.error().message);
  return print_resources(settings->settings.database);
}

}  // namespace troupe::cli
