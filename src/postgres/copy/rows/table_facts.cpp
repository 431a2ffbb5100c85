#include "postgres/copy/rows/table_facts.hpp"

#include <re2/re2.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <charconv>

#include "postgres/catalogue/run_query.hpp"

namespace troupe::postgres {
namespace {

// The checks of a column are its own (of that column alone) and those of its domains.
constexpr std::string_view facts_sql = R"(
  WITH RECURSIVE walk AS (
    SELECT a.attnum, 0 AS step, a.atttypid AS type, a.atttypmod AS modifier, a.attnotnull AS filled, false AS preset
    FROM pg_attribute a WHERE a.attrelid = {0}::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    UNION ALL
    SELECT w.attnum, w.step + 1, t.typbasetype, CASE WHEN w.modifier = -1 THEN t.typtypmod ELSE w.modifier END,
           w.filled OR t.typnotnull, w.preset OR t.typdefault IS NOT NULL
    FROM walk w JOIN pg_type t ON t.oid = w.type AND t.typtype = 'd'),
  base AS (SELECT DISTINCT ON (attnum) * FROM walk ORDER BY attnum, step DESC)
  SELECT quote_ident(a.attname),
         CASE WHEN t.typtype = 'e' THEN 'anyenum' WHEN t.typcategory = 'A' THEN 'anyarray' WHEN t.typtype = 'r' THEN 'anyrange'
              ELSE t.typname END,
         format_type(a.atttypid, a.atttypmod), b.modifier, b.filled,
         b.preset OR (d.oid IS NOT NULL AND pg_get_expr(d.adbin, d.adrelid) NOT LIKE 'nextval(%'),
         coalesce((SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), '[]'),
         coalesce((SELECT json_agg(pg_get_constraintdef(c.oid)) FROM pg_constraint c WHERE c.contype = 'c'
                   AND (c.conrelid = a.attrelid AND c.conkey = ARRAY[a.attnum]
                        OR c.contypid IN (SELECT w.type FROM walk w WHERE w.attnum = a.attnum))), '[]')
  FROM base b JOIN pg_attribute a ON a.attrelid = {0}::regclass AND a.attnum = b.attnum JOIN pg_type t ON t.oid = b.type
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  ORDER BY a.attnum)";

constexpr std::string_view keys_sql = R"(
  SELECT (SELECT json_agg(quote_ident(a.attname) ORDER BY place) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS keys(k, place)
          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k WHERE place <= i.indnkeyatts)
  FROM pg_index i WHERE i.indrelid = {}::regclass AND i.indisunique AND i.indexprs IS NULL
  ORDER BY i.indisprimary DESC, i.indexrelid)";

/// Lays what a check says over a column, where it is of a form that people write often: a list of texts, or
/// numbers to compare with.
void lay_over(FilledColumn& column, const std::string& check) {
  static const re2::RE2 label("'((?:[^']|'')*)'::");
  static const re2::RE2 bound(R"((>=|>|<=|<) \(?'?(-?[0-9]+(?:\.[0-9]+)?))");
  re2::StringPiece rest(check);
  if (check.find("= ANY (") != std::string::npos && column.labels.empty()) {
    for (std::string text; re2::RE2::FindAndConsume(&rest, label, &text);) {
      re2::RE2::GlobalReplace(&text, "''", "'");
      column.labels.push_back(text);
    }
    return;
  }
  double value = 0;
  for (std::string sign; re2::RE2::FindAndConsume(&rest, bound, &sign, &value);) {
    if (sign == ">=") column.low = std::max(column.low.value_or(value), value);
    if (sign == ">") column.low = std::max(column.low.value_or(value), value + 1);
    if (sign == "<=") column.high = std::min(column.high.value_or(value), value);
    if (sign == "<") column.high = std::min(column.high.value_or(value), value - 1);
  }
}

}  // namespace

std::optional<std::size_t> FilledTable::find(const std::string& name) const {
  const auto found = std::ranges::find(columns, name, &FilledColumn::name);
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

Result<FilledTable> read_filled_table(CopySession& copy, const std::string& table) {
  const auto rows = copy.run(fmt::format(facts_sql, quote_text(table)));
  if (!rows) return rows.error();
  FilledTable filled;
  for (int row = 0; row < rows->count(); ++row) {
    FilledColumn column{.name = std::string(rows->text(row, 0)),
                        .type = std::string(rows->text(row, 1)),
                        .cast = std::string(rows->text(row, 2)),
                        .modifier = std::stoi(std::string(rows->text(row, 3))),
                        .not_null = rows->text(row, 4) == "t",
                        .has_default = rows->text(row, 5) == "t",
                        .labels = texts_of(rows->text(row, 6))};
    for (const auto& check : texts_of(rows->text(row, 7))) lay_over(column, check);
    filled.columns.push_back(std::move(column));
  }
  const auto keys = copy.run(fmt::format(keys_sql, quote_text(table)));
  if (!keys) return keys.error();
  for (int row = 0; row < keys->count(); ++row) {
    UniqueKey key;
    for (const auto& name : texts_of(keys->text(row, 0))) {
      if (const auto place = filled.find(name)) key.push_back(*place);
    }
    filled.unique.push_back(std::move(key));
  }
  return filled;
}

Result<std::vector<std::string>> columns_of_check(CopySession& copy, const std::string& table,
                                                  const std::string& check) {
  const auto rows =
      copy.run(fmt::format("SELECT quote_ident(a.attname) FROM pg_constraint c JOIN pg_attribute a ON "
                           "a.attrelid = c.conrelid AND a.attnum = ANY "
                           "(c.conkey) WHERE c.conrelid = {}::regclass AND c.conname = {}",
                           quote_text(table), quote_text(check)));
  if (!rows) return rows.error();
  std::vector<std::string> names;
  for (int row = 0; row < rows->count(); ++row) names.emplace_back(rows->text(row, 0));
  return names;
}

}  // namespace troupe::postgres
