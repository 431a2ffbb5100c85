#include "cli/common/copy_flags.hpp"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "postgres/catalogue/resources.hpp"
#include "postgres/catalogue/run_query.hpp"
#include "postgres/copy/copy_marks.hpp"
#include "schema/file/resource_file.hpp"
#include "schema/table_name.hpp"
#include "support/parse.hpp"

namespace troupe::cli {
namespace {

using postgres::CopyAmount;

/// What the file says of tables that are there. What it says is to be made will be made in the copy.
Result<void> leave_out_what_is_to_be_made(const DatabaseSettings& settings, schema::ResourceFile& file) {
  auto session = postgres::BlockingSession::open(settings.url, settings.connect_timeout);
  if (!session) return session.error();
  std::vector<schema::ResourceEntry> there;
  for (auto& entry : file.resources) {
    const auto name = schema::quote_table_name(entry.table);
    if (entry.create && name) {
      postgres::Params params;
      params.add_text(*name);
      const auto found = run_query(*session, "SELECT to_regclass($1) IS NOT NULL", params);
      if (!found) return found.error();
      if (!found->boolean(0, 0)) continue;
    }
    there.push_back(std::move(entry));
  }
  file.resources = std::move(there);
  return {};
}

/// Every table that the user finds without a schema: what a query of the file's own may be about.
Result<std::vector<std::string>> all_tables(const DatabaseSettings& settings) {
  auto session = postgres::BlockingSession::open(settings.url, settings.connect_timeout);
  if (!session) return session.error();
  const auto rows = run_query(*session,
                              "SELECT format('%I.%I', n.nspname, c.relname)::text FROM pg_class c JOIN "
                              "pg_namespace n ON n.oid = c.relnamespace "
                              "WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = ANY "
                              "(current_schemas(false)) AND "
                              "has_table_privilege(c.oid, 'SELECT') ORDER BY 1");
  if (!rows) return rows.error();
  std::vector<std::string> tables;
  for (int row = 0; row < rows->count(); ++row) tables.emplace_back(rows->text(row, 0));
  return tables;
}

/// Quoted.
Result<std::vector<std::string>> tables_of(const DatabaseSettings& settings) {
  postgres::ResourceRequest request;
  std::vector<std::string> tables;
  if (!settings.resources.empty() && settings.resources != "auto") {
    auto file = schema::read_resource_file(settings.resources);
    if (!file) return file.error();
    if (const auto done = leave_out_what_is_to_be_made(settings, *file); !done) return done.error();
    if (!file->queries.empty()) {
      auto all = all_tables(settings);
      if (!all) return all;
      tables = *std::move(all);
    }
    request.file = *std::move(file);
  }
  const auto resources = load_resources(settings.url, settings.connect_timeout, request);
  if (!resources) return resources.error();
  for (const auto& resource : *resources) tables.push_back(resource.table);
  return tables;
}

bool asks(const std::string& question) {
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDERR_FILENO) == 0) return false;
  std::cerr << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

/// Copies that a crash left behind: on a terminal they can be removed at once.
void offer_to_remove(postgres::CopySession& session, std::ostream& out) {
  const auto found = postgres::find_copies(session);
  if (!found)
    return;  // nobody's business now: who cannot look here cannot make a copy, either, and is told that
  for (const auto& copy : *found) {
    if (!copy.marked || copy.in_use) continue;
    const auto what = fmt::format("{}, a copy of {}, was left behind", copy.name, copy.mark);
    if (!asks("troupe: " + what + ": remove it?")) {
      out << what << ": troupe copies --remove removes it" << std::endl;
      continue;
    }
    const auto done = remove_copy(session, copy.name);
    out << (done ? copy.name + " is removed" : done.error().message) << std::endl;
  }
}

}  // namespace

void CopyFlags::add_to(CLI::App& app, const std::string& group) {
  app.add_option("--sample", sample,
                 "with --resources: real rows in the copy: so many of the biggest table and of the others in "
                 "proportion, a "
                 "share (10%) or all (100000)")
      ->type_name("ROWS|SHARE|all")
      ->group(group)
      ->take_last();
  app.add_option("--rows", rows, "instead: so many made-up rows in each table")
      ->type_name("N")
      ->group(group)
      ->take_last();
  app.add_flag("--read-only", read_only,
               "with --resources: no copy; a scenario that only reads, in sessions that cannot write")
      ->group(group);
}

Result<WorkPlace> work_place(const CopyFlags& flags, bool use_table, bool writes) {
  if (flags.read_only && use_table)
    return invalid("--read-only and --use-table contradict each other: leave out one");
  if ((flags.read_only || use_table) && (flags.rows || flags.sample))
    return invalid(fmt::format("{} is about a copy, and with {} there is none: leave out one",
                               flags.rows ? "--rows" : "--sample",
                               use_table ? "--use-table" : "--read-only"));
  if (flags.rows && flags.sample)
    return invalid("--rows makes rows up, --sample takes real ones: leave out one");
  if (flags.read_only && writes)
    return invalid(
        "--read-only is for scenarios that only read, and this one writes: leave it out, and the run works "
        "on a copy");
  if (use_table) return WorkPlace::original;
  return flags.read_only ? WorkPlace::read_only : WorkPlace::copy;
}

Result<CopyAmount> copy_amount(const CopyFlags& flags) {
  if (flags.rows) {
    const auto rows = parse_count(*flags.rows);
    if (!rows || *rows == 0)
      return invalid(fmt::format("--rows must be a whole number from 1 up, not '{}'", *flags.rows));
    return CopyAmount{CopyAmount::Kind::generated, *rows, 1};
  }
  if (!flags.sample) return CopyAmount{};
  auto amount = postgres::read_sample(*flags.sample);
  if (!amount) return invalid("--sample " + amount.error().message);
  return amount;
}

Result<sweep::ResourceDatabase> open_tables(const DatabaseSettings& settings, const TableUse& use,
                                            std::ostream& out, const postgres::GiveUp& give_up) {
  const auto place = work_place(use.flags, use.use_table, use.writes);
  if (!place) return place.error();
  if (*place != WorkPlace::copy)
    return sweep::ResourceDatabase::open(settings, *place == WorkPlace::read_only);
  const auto amount = copy_amount(use.flags);
  if (!amount) return amount.error();
  auto tables = tables_of(settings);
  if (!tables) return tables.error();
  if (auto session = postgres::maintenance_session(settings.url, settings.connect_timeout, give_up); session)
    offer_to_remove(*session, out);
  auto copy = postgres::DatabaseCopy::make(
      settings.url, {.tables = *std::move(tables),
                     .amount = *amount,
                     .restorable = use.restorable,
                     .seed = use.seed,
                     .timeout = settings.connect_timeout,
                     .give_up = give_up,
                     .tell = [&out](const std::string& line) { out << line << std::endl; }});
  if (!copy) return copy.error();
  return sweep::ResourceDatabase::open(settings, *std::move(copy));
}

}  // namespace troupe::cli
