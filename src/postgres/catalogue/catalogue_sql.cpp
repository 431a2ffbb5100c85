#include "postgres/catalogue/catalogue_sql.hpp"

#include <spdlog/fmt/fmt.h>

namespace troupe::postgres {

// pg_trigger.tgtype's bits: 1 for each row, 2 before, 4 insert, 16 update, 64 instead of. pg_rewrite.ev_type:
// 3 is insert. pg_relation_is_updatable's bits: 4 update, 8 insert, 16 delete; true: INSTEAD OF triggers
// count. What is written to a partitioned table meets the triggers of its partitions. -2 is the place of
// xmin.
std::string_view tables_sql() {
  return R"(
    WITH asked AS (
      SELECT to_regclass(name)::oid AS oid, name FROM unnest($1::text[]) AS given(name)
      UNION ALL
      SELECT c.oid, '' FROM pg_catalog.pg_class c
      WHERE $1 IS NULL AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND pg_table_is_visible(c.oid)
        AND c.relnamespace IN (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY (current_schemas(false)))
        AND EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
                        AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e')
        AND has_any_column_privilege(c.oid, 'SELECT')),
    kin AS (
      SELECT oid AS root, oid FROM asked
      UNION
      SELECT asked.oid, tree.relid FROM asked, pg_partition_tree(asked.oid) tree),
    triggers AS (
      SELECT kin.root, t.tgtype, t.tgattr FROM kin JOIN pg_catalog.pg_trigger t ON t.tgrelid = kin.oid
      WHERE NOT t.tgisinternal AND t.tgenabled <> 'D')
    SELECT c.oid::int8, asked.name::text, n.nspname::text, c.relname::text, c.relkind::text,
           coalesce(obj_description(c.oid, 'pg_class'), '')::text,
           c.relkind = 'r' AND c.relam = (SELECT a.oid FROM pg_catalog.pg_am a WHERE a.amname = 'heap')
             AND coalesce(has_column_privilege(c.oid, (-2)::int2, 'SELECT'), false),
           c.relkind NOT IN ('r', 'p')
             OR EXISTS (SELECT FROM triggers t WHERE t.root = c.oid AND t.tgtype & 5 = 5 AND t.tgtype & 66 <> 0)
             OR EXISTS (SELECT FROM pg_catalog.pg_rewrite w JOIN kin ON kin.oid = w.ev_class
                        WHERE kin.root = c.oid AND w.ev_type = '3' AND w.ev_enabled <> 'D'),
           c.relkind NOT IN ('r', 'p')
             OR EXISTS (SELECT FROM triggers t WHERE t.root = c.oid AND t.tgtype & 16 <> 0 AND t.tgattr::text <> '')
             OR (NOT has_table_privilege(c.oid, 'UPDATE') AND has_any_column_privilege(c.oid, 'UPDATE')),
           pg_relation_is_updatable(c.oid, true) & 8 <> 0 AND has_any_column_privilege(c.oid, 'INSERT'),
           pg_relation_is_updatable(c.oid, true) & 4 <> 0 AND has_any_column_privilege(c.oid, 'UPDATE'),
           pg_relation_is_updatable(c.oid, true) & 16 <> 0 AND has_table_privilege(c.oid, 'DELETE')
    FROM asked JOIN pg_catalog.pg_class c ON c.oid = asked.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", asked.name COLLATE "C")";
}

namespace {

// A domain is walked down to its base: the outermost modifier and default hold, NOT NULL of any. An array's
// element (level 1) may be a domain in turn. No type has a modifier and is a domain, so the first one met is
// the only one.
constexpr std::string_view types_below = R"(
      UNION ALL
      SELECT w.attrelid, w.attnum, CASE WHEN t.typtype = 'd' THEN w.level ELSE 1 END, w.step + 1,
             CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE e.oid END,
             CASE WHEN t.typtype = 'd' AND w.modifier = -1 THEN t.typtypmod ELSE w.modifier END,
             w.filled OR t.typnotnull, coalesce(w.preset, t.typdefault)
      FROM walk w JOIN pg_catalog.pg_type t ON t.oid = w.type
        LEFT JOIN pg_catalog.pg_type e ON e.typarray = t.oid
      WHERE t.typtype = 'd' OR (e.oid IS NOT NULL AND w.level = 0)),
    found AS (
      SELECT DISTINCT ON (attrelid, attnum, level) * FROM walk ORDER BY attrelid, attnum, level, step DESC))";

// Of `found` f and its type t.
constexpr std::string_view type_fields = R"(
           f.type::int8, f.modifier::int8, t.typname::text,
           t.typtype = 'e', format_type(f.type, -1)::text, format_type(f.type, f.modifier)::text,
           coalesce((SELECT json_agg(l.enumlabel ORDER BY l.enumsortorder) FROM pg_catalog.pg_enum l
                     WHERE l.enumtypid = f.type), '[]')::text,
           EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = f.type))";

}  // namespace

std::string types_sql() {
  return fmt::format(R"(
    WITH RECURSIVE walk AS (
      SELECT 0 AS attrelid, given.n AS attnum, 0 AS level, 0 AS step, given.type, given.modifier::int4,
             false AS filled, NULL::text COLLATE "C" AS preset
      FROM unnest($1::int8[]::oid[], $2::int8[]) WITH ORDINALITY AS given(type, modifier, n){}
    SELECT f.level = 1, {}
    FROM found f JOIN pg_catalog.pg_type t ON t.oid = f.type ORDER BY f.attnum, f.level)",
                     types_below, type_fields);
}

// Where rows may be made, INSERT decides which columns can be written, as it names all of those. 69 is an
// INSTEAD OF INSERT trigger, which takes any column.
std::string columns_sql() {
  return fmt::format(R"(
    WITH RECURSIVE walk AS (
      SELECT a.attrelid, a.attnum, 0 AS level, 0 AS step, a.atttypid AS type, a.atttypmod AS modifier,
             a.attnotnull AS filled, NULL::text COLLATE "C" AS preset
      FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = ANY ($1::int8[]::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
        AND has_column_privilege(a.attrelid, a.attnum, 'SELECT'){}
    SELECT f.attrelid::int8, f.level = 1, a.attname::text, {},
           f.filled, a.attidentity <> '', a.attgenerated <> '',
           coalesce(pg_get_expr(d.adbin, d.adrelid), f.preset, '')::text,
           CASE WHEN pg_relation_is_updatable(f.attrelid, true) & 8 <> 0
                  AND has_any_column_privilege(f.attrelid, 'INSERT')
                THEN has_column_privilege(f.attrelid, f.attnum, 'INSERT')
                ELSE has_column_privilege(f.attrelid, f.attnum, 'UPDATE') END
             AND (c.relkind NOT IN ('v', 'f') OR pg_column_is_updatable(f.attrelid, f.attnum, true)
                  OR EXISTS (SELECT FROM pg_catalog.pg_trigger g WHERE g.tgrelid = f.attrelid AND NOT g.tgisinternal
                             AND g.tgenabled <> 'D' AND g.tgtype & 69 = 69)),
           coalesce(col_description(f.attrelid, f.attnum), '')::text
    FROM found f JOIN pg_catalog.pg_attribute a ON a.attrelid = f.attrelid AND a.attnum = f.attnum
      JOIN pg_catalog.pg_type t ON t.oid = f.type JOIN pg_catalog.pg_class c ON c.oid = f.attrelid
      LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = f.attrelid AND d.adnum = f.attnum AND a.attgenerated = ''
    ORDER BY f.attrelid, f.attnum, f.level)",
                     types_below, type_fields);
}

// An error in a partition names the partition's own constraint, one in a domain the domain's. A unique index
// without a constraint is named like one; where it is over expressions, the columns that they use stand for
// it.
std::string_view constraints_sql() {
  return R"(
    WITH kin AS (
      SELECT root, root AS oid FROM unnest($1::int8[]::oid[]) AS given(root)
      UNION
      SELECT root, tree.relid FROM unnest($1::int8[]::oid[]) AS given(root), pg_partition_tree(root) tree),
    found AS (
      SELECT kin.root, kin.oid, c.conname AS name, c.contype::text AS kind, c.conkey AS columns, c.confrelid AS target,
             c.confkey AS target_columns, c.contype IN ('p', 'u') AS sure
      FROM kin JOIN pg_catalog.pg_constraint c ON c.conrelid = kin.oid WHERE c.contype IN ('p', 'u', 'f', 'c')
      UNION ALL
      SELECT kin.root, kin.oid, x.relname, 'u',
             CASE WHEN i.indexprs IS NULL
                  THEN (SELECT array_agg(k ORDER BY n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS keys(k, n)
                        WHERE n <= i.indnkeyatts)
                  ELSE (SELECT array_agg(DISTINCT d.refobjsubid::int2) FROM pg_catalog.pg_depend d
                        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid
                          AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = i.indrelid
                          AND d.refobjsubid > 0) END,
             0::oid, NULL::int2[], i.indpred IS NULL AND i.indexprs IS NULL AND i.indisvalid
      FROM kin JOIN pg_catalog.pg_index i ON i.indrelid = kin.oid JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
      WHERE i.indisunique AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint c
                                          WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u'))
      UNION ALL
      SELECT kin.root, kin.oid, c.conname, 'c', array_agg(a.attnum ORDER BY a.attnum), 0::oid, NULL, false
      FROM kin JOIN pg_catalog.pg_attribute a ON a.attrelid = kin.oid AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_catalog.pg_constraint c ON c.contypid = a.atttypid AND c.contype = 'c'
      GROUP BY kin.root, kin.oid, c.conname)
    SELECT DISTINCT ON (root, name, kind) root::int8, name::text, kind,
           coalesce((SELECT json_agg(a.attname ORDER BY n) FROM unnest(columns) WITH ORDINALITY AS keys(k, n)
                     JOIN pg_catalog.pg_attribute a ON a.attrelid = found.oid AND a.attnum = k), '[]')::text,
           CASE WHEN target <> 0 THEN target::regclass::text ELSE '' END,
           coalesce((SELECT json_build_array(n.nspname, t.relname) FROM pg_catalog.pg_class t
                     JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace WHERE t.oid = target), '[]')::text,
           coalesce((SELECT json_agg(a.attname ORDER BY n) FROM unnest(target_columns) WITH ORDINALITY AS keys(k, n)
                     JOIN pg_catalog.pg_attribute a ON a.attrelid = target AND a.attnum = k), '[]')::text,
           sure AND oid = root
    FROM found ORDER BY root, name, kind, oid <> root)";
}

}  // namespace troupe::postgres
