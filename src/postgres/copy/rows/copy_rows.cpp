#include "postgres/copy/rows/copy_rows.hpp"

#include <spdlog/fmt/fmt.h>

#include "postgres/copy/rows/sample.hpp"

namespace troupe::postgres {
namespace {

// Rows that are asked for by their keys at a time.
constexpr int page = 1000;

/// "copying app.orders: 120 MB"
std::string standing(const std::string& table, std::uint64_t bytes) {
  return fmt::format("copying {}: {:.1f} MB", table, static_cast<double>(bytes) / 1e6);
}

std::string into(const CopiedTable& table) {
  return fmt::format("COPY {} ({}) FROM STDIN", table.name, fmt::join(table.columns, ", "));
}

std::string names(const char* prefix, std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 1; i <= count; ++i) out.push_back(prefix + std::to_string(i));
  return fmt::format("{}", fmt::join(out, ", "));
}

/// Fills the temporary table troupe_missing with the keys (n, k1, k2, …) that `child` refers to and that are
/// not there. How many there are.
Result<std::int64_t> find_missing(CopySession& target, const CopiedTable& child, const CopiedTable& parent,
                                  const CopiedReference& reference) {
  std::vector<std::string> same, filled, keys;
  for (std::size_t i = 0; i < reference.columns.size(); ++i) {
    same.push_back(fmt::format("p.{} = c.{}", reference.parent_columns[i], reference.columns[i]));
    filled.push_back(fmt::format("c.{} IS NOT NULL", reference.columns[i]));
    keys.push_back(fmt::format("c.{} AS k{}", reference.columns[i], i + 1));
  }
  const auto made = target.run(fmt::format(
      "DROP TABLE IF EXISTS pg_temp.troupe_missing; CREATE TEMP TABLE troupe_missing AS SELECT "
      "row_number() OVER () AS n, k.* FROM (SELECT DISTINCT {} FROM {} c WHERE {} AND NOT EXISTS "
      "(SELECT FROM {} p WHERE {})) k; SELECT count(*) FROM pg_temp.troupe_missing",
      fmt::join(keys, ", "), child.name, fmt::join(filled, " AND "), parent.name, fmt::join(same, " AND ")));
  if (!made) return made.error();
  return std::stoll(std::string(made->text(0, 0)));
}

/// ('7'::bigint, 'a'::text), … of the keys behind number `from`; empty when there are none.
Result<std::string> page_of_keys(CopySession& target, const CopiedReference& reference, std::int64_t from) {
  const auto rows = target.run(fmt::format("SELECT {} FROM pg_temp.troupe_missing WHERE n > {} AND n <= {}",
                                           names("k", reference.columns.size()), from, from + page));
  if (!rows) return rows.error();
  std::vector<std::string> keys;
  for (int row = 0; row < rows->count(); ++row) {
    std::vector<std::string> values;
    for (std::size_t i = 0; i < reference.types.size(); ++i)
      values.push_back(quote_text(rows->text(row, static_cast<int>(i))) + "::" + reference.types[i]);
    keys.push_back(fmt::format("({})", fmt::join(values, ", ")));
  }
  return fmt::format("{}", fmt::join(keys, ", "));
}

Result<std::uint64_t> bring(CopySession& source, CopySession& target, const CopiedTable& parent,
                            const CopiedReference& reference, const std::string& keys, Progress& progress) {
  std::vector<std::string> columns, same;
  for (const auto& column : parent.columns) columns.push_back("p." + column);
  for (std::size_t i = 0; i < reference.parent_columns.size(); ++i)
    same.push_back(fmt::format("p.{} = v.k{}", reference.parent_columns[i], i + 1));
  const auto out = fmt::format("COPY (SELECT {} FROM (VALUES {}) v({}) JOIN {} p ON {}) TO STDOUT",
                               fmt::join(columns, ", "), keys, names("k", reference.columns.size()),
                               parent.name, fmt::join(same, " AND "));
  return source.copy_to(target, out, into(parent), [&](std::uint64_t bytes) {
    progress.say([&] { return standing(parent.name, bytes); });
  });
}

/// Rows that came.
Result<std::uint64_t> bring_for(CopySession& source, CopySession& target, const CopySchema& schema,
                                const CopiedTable& child, const CopiedReference& reference,
                                Progress& progress) {
  const auto& parent = schema.tables[reference.parent];
  const auto missing = find_missing(target, child, parent, reference);
  if (!missing) return missing.error();
  std::uint64_t brought = 0;
  for (std::int64_t from = 0; from < *missing; from += page) {
    const auto keys = page_of_keys(target, reference, from);
    if (!keys) return keys.error();
    const auto rows = bring(source, target, parent, reference, *keys, progress);
    if (!rows) return rows.error();
    brought += *rows;
  }
  return brought;
}

}  // namespace

Result<void> copy_rows(CopySession& source, CopySession& target, const CopySchema& schema, double share,
                       const Tell& tell) {
  Progress progress(tell);
  const auto queries = sample_queries(schema.tables, share);
  for (std::size_t place = 0; place < schema.tables.size(); ++place) {
    const auto& table = schema.tables[place];
    if (table.columns.empty()) continue;
    const auto rows = source.copy_to(
        target, "COPY (" + queries[place] + ") TO STDOUT", into(table),
        [&](std::uint64_t bytes) { progress.say([&] { return standing(table.name, bytes); }); });
    if (!rows) return Error{rows.error().code, table.name + ": " + rows.error().message};
  }
  return {};
}

Result<void> copy_missing_parents(CopySession& source, CopySession& target, const CopySchema& schema,
                                  const Tell& tell) {
  Progress progress(tell);
  // Each round brings rows that were not there, of which there are so many and no more. A key that leads
  // nowhere (NOT VALID) brings none.
  for (bool more = true; more;) {
    more = false;
    for (const auto& child : schema.tables) {
      for (const auto& reference : child.references) {
        const auto brought = bring_for(source, target, schema, child, reference, progress);
        if (!brought)
          return Error{brought.error().code, "what " + child.name + " refers to: " + brought.error().message};
        more = more || *brought > 0;
      }
    }
  }
  const auto dropped = target.run("DROP TABLE IF EXISTS pg_temp.troupe_missing");
  return dropped ? Result<void>{} : dropped.error();
}

Result<void> set_sequences(CopySession& target, const CopySchema& schema) {
  for (const auto& sql : schema.sequences) {
    if (const auto done = target.run(sql); !done) return done.error();
  }
  // A sequence that may not be read has told nothing, and made-up rows have passed theirs.
  const auto owned = target.run(R"(
    SELECT format('SELECT setval(%L, greatest((SELECT max(%I) FROM %s), (SELECT last_value FROM %s))) WHERE EXISTS (SELECT FROM %s)',
                  s.seqrelid::regclass, a.attname, d.refobjid::regclass, s.seqrelid::regclass, d.refobjid::regclass)
    FROM pg_sequence s JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid
      AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND s.seqincrement > 0
      JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      JOIN pg_type t ON t.oid = a.atttypid AND t.typname IN ('int2', 'int4', 'int8'))");
  if (!owned) return owned.error();
  for (int row = 0; row < owned->count(); ++row) {
    if (const auto done = target.run(std::string(owned->text(row, 0))); !done) return done.error();
  }
  return {};
}

}  // namespace troupe::postgres
