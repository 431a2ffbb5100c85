#include "postgres/catalogue/resources.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "postgres/catalogue/read_tables.hpp"
#include "postgres/catalogue/run_query.hpp"
#include "schema/file/apply_entry.hpp"
#include "schema/settle.hpp"
#include "schema/table_name.hpp"
#include "support/suggest.hpp"

namespace troupe::postgres {
namespace {

using Resources = std::vector<schema::Resource>;

Result<Resources> all_tables(BlockingSession& session) {
  auto tables = read_tables(session, std::nullopt);
  if (!tables) return tables.error();
  Resources resources;
  std::set<std::string> paths;
  for (auto& table : *tables) {
    auto& resource = table.resource;
    // Names that differ only in what a path cannot hold.
    const auto segment = resource.path.substr(1, resource.path.size() - 2);
    for (int next = 2; !paths.insert(resource.path).second; ++next)
      resource.path = fmt::format("/{}-{}/", segment, next);
    schema::settle(resource);
    resources.push_back(std::move(resource));
  }
  return resources;
}

Result<std::vector<std::string>> quoted_names(const schema::ResourceFile& file) {
  std::vector<std::string> names;
  for (const auto& entry : file.resources) {
    auto quoted = schema::quote_table_name(entry.table);
    if (!quoted) return schema::entry_fault(file.file, entry.line, entry, quoted.error().message);
    names.push_back(*std::move(quoted));
  }
  return names;
}

Error no_such_table(BlockingSession& session, const schema::ResourceFile& file,
                    const schema::ResourceEntry& entry) {
  const auto visible = visible_tables(session);
  if (!visible) return visible.error();
  const std::vector<std::string_view> known(visible->begin(), visible->end());
  auto what = fmt::format("there is no table \"{}\"", entry.table);
  if (const auto near = nearest(entry.table, known); !near.empty())
    what += fmt::format("; did you mean {}?", near);
  else
    what += known.empty() ? "; there is none on the search_path" : "; there is " + list_words(known);
  return schema::entry_fault(file.file, entry.line, entry, what);
}

const CatalogueTable* find_table(const std::vector<CatalogueTable>& tables, const std::string& quoted) {
  const auto found = std::ranges::find(tables, quoted, &CatalogueTable::asked);
  return found == tables.end() ? nullptr : &*found;
}

/// Makes the tables that are missing and may be made. Whether there were any.
Result<bool> make_missing(BlockingSession& session, const schema::ResourceFile& file,
                          const std::vector<std::string>& names, const std::vector<CatalogueTable>& tables) {
  bool any = false;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& entry = file.resources[i];
    if (find_table(tables, names[i]) != nullptr) continue;
    if (!entry.create) return no_such_table(session, file, entry);
    auto made = run_query(session, schema::create_table_sql(entry, names[i]));
    if (!made)
      return Error{made.error().code,
                   schema::entry_fault(file.file, entry.line, entry,
                                       "cannot make the table " + names[i] + ": " + made.error().message)
                       .message};
    any = true;
  }
  return any;
}

Result<schema::Resource> lay_over(const schema::ResourceFile& file, const schema::ResourceEntry& entry,
                                  const CatalogueTable& table) {
  if (entry.create) {
    auto fitted = schema::fit_declared(entry, table.resource, table.facts, file.file);
    if (!fitted) return fitted.error();
    return schema::apply(entry, *std::move(fitted), file.file);
  }
  auto resource = schema::apply(entry, table.resource, file.file);
  if (resource && entry.key && !table.resource.view && !has_unique_key(table.facts, entry.key->names))
    return schema::entry_fault(file.file, entry.key->line, entry,
                               fmt::format("key: {} has no unique key of just {}", table.resource.table,
                                           fmt::join(entry.key->names, ", ")));
  return resource;
}

Result<Resources> of_file(BlockingSession& session, const schema::ResourceFile& file) {
  const auto names = quoted_names(file);
  if (!names) return names.error();
  auto tables = read_tables(session, *names);
  if (!tables) return tables.error();
  // Only then: a user who may use a table need not be allowed to make one.
  const auto made = make_missing(session, file, *names, *tables);
  if (!made) return made.error();
  if (*made) {
    tables = read_tables(session, *names);
    if (!tables) return tables.error();
  }
  Resources resources;
  for (std::size_t i = 0; i < names->size(); ++i) {
    const auto* table = find_table(*tables, (*names)[i]);
    if (table == nullptr)
      return Error{ErrorCode::internal, "the table " + (*names)[i] + " was made but cannot be seen"};
    auto resource = lay_over(file, file.resources[i], *table);
    if (!resource) return resource.error();
    resources.push_back(*std::move(resource));
  }
  return resources;
}

}  // namespace

Result<Resources> load_resources(const std::string& conninfo, std::chrono::milliseconds timeout,
                                 const ResourceRequest& request) {
  auto session = BlockingSession::open(conninfo, timeout);
  if (!session) return session.error();
  // Compiling the catalogue's statements takes ten times as long as running them.
  if (auto set = run_query(*session, "SET jit = off"); !set) return set.error();
  return request.file ? of_file(*session, *request.file) : all_tables(*session);
}

}  // namespace troupe::postgres
