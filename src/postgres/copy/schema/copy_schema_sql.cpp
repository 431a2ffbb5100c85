#include "postgres/copy/schema/copy_schema_sql.hpp"

namespace troupe::postgres {
namespace {

std::string chosen(const std::string& oids) {
  return "WITH RECURSIVE chosen AS (SELECT unnest('" + oids + "'::oid[]) AS oid)";
}

// What the tables' columns, defaults, keys and indexes need, and what that needs in turn: rows of pg_depend,
// walked upwards. An extension's own parts are left to the extension. 16384 is the first oid that is not
// PostgreSQL's own.
std::string needed(const std::string& oids) {
  return chosen(oids) + R"(,
    needed(classid, objid) AS (
      SELECT 'pg_class'::regclass::oid, oid FROM chosen
      UNION SELECT 'pg_attrdef'::regclass::oid, a.oid FROM pg_attrdef a JOIN chosen ON a.adrelid = chosen.oid
      UNION SELECT 'pg_constraint'::regclass::oid, c.oid FROM pg_constraint c JOIN chosen ON c.conrelid = chosen.oid
      UNION SELECT 'pg_class'::regclass::oid, i.indexrelid FROM pg_index i JOIN chosen ON i.indrelid = chosen.oid
      UNION
      SELECT next.classid, next.objid FROM needed n, LATERAL (
        SELECT d.refclassid AS classid, d.refobjid AS objid FROM pg_depend d
        WHERE d.classid = n.classid AND d.objid = n.objid AND d.deptype IN ('n', 'a', 'i') AND d.refobjid >= 16384
          AND (d.refclassid IN ('pg_type'::regclass, 'pg_proc'::regclass, 'pg_operator'::regclass, 'pg_opclass'::regclass,
                                'pg_opfamily'::regclass, 'pg_collation'::regclass, 'pg_language'::regclass)
               OR d.refclassid = 'pg_class'::regclass
                  AND EXISTS (SELECT FROM pg_class c WHERE c.oid = d.refobjid AND c.relkind IN ('S', 'c')))
          AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = n.classid AND e.objid = n.objid AND e.deptype = 'e')
        UNION ALL
        SELECT 'pg_constraint'::regclass::oid, c.oid FROM pg_constraint c
        WHERE n.classid = 'pg_type'::regclass AND c.contypid = n.objid) next),
    own AS (
      SELECT n.* FROM needed n WHERE n.objid >= 16384 AND NOT EXISTS (
        SELECT FROM pg_depend e WHERE e.classid = n.classid AND e.objid = n.objid AND e.deptype = 'e')))";
}

// Of pg_sequence s, as in CREATE SEQUENCE and in an identity column.
constexpr std::string_view sequence_options =
    R"(format('START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s %s',
              s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN 'CYCLE' ELSE '' END))";

constexpr std::string_view collation_of_column =
    R"(coalesce((SELECT format(' COLLATE %I.%I', cn.nspname, co.collname) FROM pg_collation co
                 JOIN pg_namespace cn ON cn.oid = co.collnamespace
                 WHERE co.oid = a.attcollation AND a.attcollation <> t.typcollation), ''))";

}  // namespace

std::string chosen_tables_sql(const std::string& oids) {
  return "WITH RECURSIVE chosen AS (SELECT unnest('" + oids + R"('::oid[]) AS oid
      UNION
      SELECT next.oid FROM chosen, LATERAL (
        SELECT c.confrelid AS oid FROM pg_constraint c WHERE c.conrelid = chosen.oid AND c.contype = 'f'
        UNION ALL
        SELECT i.inhparent FROM pg_inherits i JOIN pg_class k ON k.oid = i.inhrelid
        WHERE i.inhrelid = chosen.oid AND k.relispartition
        UNION ALL
        SELECT i.inhrelid FROM pg_inherits i JOIN pg_class k ON k.oid = i.inhrelid
        WHERE i.inhparent = chosen.oid AND k.relispartition) next)
    SELECT c.oid, c.relkind, format('%I.%I', n.nspname, c.relname),
           has_table_privilege(c.oid, 'SELECT') OR NOT EXISTS (
             SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
               AND NOT has_column_privilege(c.oid, a.attnum, 'SELECT')) AS readable
    FROM chosen JOIN pg_class c ON c.oid = chosen.oid JOIN pg_namespace n ON n.oid = c.relnamespace
    ORDER BY n.nspname, c.relname)";
}

std::string surroundings_sql(const std::string& oids) {
  return needed(oids) + R"(,
    extensions AS (
      SELECT DISTINCT x.oid, x.extname, x.extnamespace FROM needed n JOIN pg_depend d ON d.classid = n.classid
        AND d.objid = n.objid AND d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass
      JOIN pg_extension x ON x.oid = d.refobjid),
    types AS (SELECT t.* FROM own JOIN pg_type t ON own.classid = 'pg_type'::regclass AND t.oid = own.objid),
    functions AS (SELECT p.* FROM own JOIN pg_proc p ON own.classid = 'pg_proc'::regclass AND p.oid = own.objid),
    sequences AS (
      SELECT c.oid, c.relname, c.relnamespace FROM own JOIN pg_class c ON own.classid = 'pg_class'::regclass
        AND c.oid = own.objid AND c.relkind = 'S'
      WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = own.classid AND d.objid = c.oid AND d.deptype = 'i')),
    spaces AS (
      SELECT relnamespace AS oid FROM pg_class WHERE oid IN (SELECT oid FROM chosen)
      UNION SELECT typnamespace FROM types UNION SELECT pronamespace FROM functions
      UNION SELECT relnamespace FROM sequences UNION SELECT extnamespace FROM extensions
      UNION SELECT stxnamespace FROM pg_statistic_ext WHERE stxrelid IN (SELECT oid FROM chosen))
    SELECT sql FROM (
      SELECT 1 AS step, 0::oid AS oid, format('CREATE SCHEMA IF NOT EXISTS %I', nspname) AS sql
      FROM pg_namespace WHERE oid IN (SELECT oid FROM spaces) AND nspname <> 'pg_catalog'
      UNION ALL
      SELECT 2, x.oid, format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I CASCADE', x.extname, n.nspname)
      FROM extensions x JOIN pg_namespace n ON n.oid = x.extnamespace WHERE n.nspname <> 'pg_catalog'
      UNION ALL
      SELECT 3, t.oid, format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
        (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
      FROM types t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e'
      UNION ALL
      SELECT 3, t.oid, format('CREATE TYPE %I.%I AS RANGE (SUBTYPE = %s)', n.nspname, t.typname, format_type(r.rngsubtype, NULL))
      FROM types t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_range r ON r.rngtypid = t.oid WHERE t.typtype = 'r'
      UNION ALL
      SELECT 3, t.oid, format('CREATE TYPE %I.%I AS (%s)', n.nspname, t.typname,
        (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
         FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
      FROM types t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
      WHERE t.typtype = 'c'
      UNION ALL
      SELECT 3, t.oid, format('CREATE DOMAIN %I.%I AS %s%s%s%s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
        (SELECT format(' COLLATE %I.%I', cn.nspname, co.collname) FROM pg_collation co
         JOIN pg_namespace cn ON cn.oid = co.collnamespace JOIN pg_type b ON b.oid = t.typbasetype
         WHERE co.oid = t.typcollation AND t.typcollation <> b.typcollation),
        ' DEFAULT ' || pg_get_expr(t.typdefaultbin, 0), CASE WHEN t.typnotnull THEN ' NOT NULL' END)
        || coalesce((SELECT string_agg(format('; ALTER DOMAIN %I.%I ADD CONSTRAINT %I %s', n.nspname, t.typname, c.conname,
                                              pg_get_constraintdef(c.oid)), '' ORDER BY c.conname)
                     FROM pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c'), '')
      FROM types t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'd'
      UNION ALL
      SELECT 3, p.oid, pg_get_functiondef(p.oid) FROM functions p WHERE p.prokind IN ('f', 'w', 'p')
      UNION ALL
      SELECT 4, c.oid, format('CREATE SEQUENCE %I.%I AS %s %s', n.nspname, c.relname, format_type(s.seqtypid, NULL),
        )" +
         std::string(sequence_options) + R"()
      FROM sequences c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_sequence s ON s.seqrelid = c.oid) all_of_it
    ORDER BY step, oid)";
}

std::string tables_ddl_sql(const std::string& oids) {
  return chosen(oids) + R"(
    SELECT sql FROM (
      SELECT 1 AS step, c.oid, format('CREATE %sTABLE %I.%I (%s)%s%s', CASE WHEN c.relpersistence = 'u' THEN 'UNLOGGED ' END,
        n.nspname, c.relname,
        (SELECT string_agg(format('%I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod), )" +
         std::string(collation_of_column) + R"(,
           CASE WHEN a.attgenerated = 's' THEN format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(d.adbin, d.adrelid))
                WHEN a.attidentity <> '' AND NOT c.relispartition THEN
                  format(' GENERATED %s AS IDENTITY (SEQUENCE NAME %I.%I %s)',
                    CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, sn.nspname, sc.relname, )" +
         std::string(sequence_options) + R"()
                WHEN a.atthasdef THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END,
           CASE WHEN a.attnotnull THEN ' NOT NULL' END), ', ' ORDER BY a.attnum)
         FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
           LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
           LEFT JOIN pg_depend o ON a.attidentity <> '' AND o.refclassid = 'pg_class'::regclass AND o.refobjid = a.attrelid
             AND o.refobjsubid = a.attnum AND o.classid = 'pg_class'::regclass AND o.deptype = 'i'
           LEFT JOIN pg_sequence s ON s.seqrelid = o.objid LEFT JOIN pg_class sc ON sc.oid = o.objid
           LEFT JOIN pg_namespace sn ON sn.oid = sc.relnamespace
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
        CASE WHEN c.relkind = 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(c.oid) END,
        ' WITH (' || (SELECT string_agg(option, ', ') FROM unnest(c.reloptions) option) || ')') AS sql
      FROM chosen JOIN pg_class c ON c.oid = chosen.oid JOIN pg_namespace n ON n.oid = c.relnamespace
      UNION ALL
      SELECT 2, c.oid, format('ALTER TABLE ONLY %I.%I ATTACH PARTITION %I.%I %s', pn.nspname, p.relname, n.nspname, c.relname,
        pg_get_expr(c.relpartbound, c.oid))
      FROM chosen JOIN pg_class c ON c.oid = chosen.oid AND c.relispartition JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
      ) all_of_it
    ORDER BY step, oid)";
}

std::string keys_ddl_sql(const std::string& oids) {
  return chosen(oids) + R"(
    SELECT format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, t.relname, c.conname, pg_get_constraintdef(c.oid)) AS sql
    FROM chosen JOIN pg_constraint c ON c.conrelid = chosen.oid AND c.contype IN ('p', 'u', 'x') AND c.conparentid = 0
      JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    ORDER BY c.oid)";
}

// A partitioned index is told as "ON ONLY", which would leave it without those of the partitions.
std::string rest_ddl_sql(const std::string& oids) {
  return chosen(oids) + R"(,
    named AS (SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name FROM chosen JOIN pg_class c ON c.oid = chosen.oid
              JOIN pg_namespace n ON n.oid = c.relnamespace)
    SELECT sql FROM (
      SELECT 1 AS step, c.oid, format('ALTER TABLE %s ADD CONSTRAINT %I %s', t.name, c.conname, pg_get_constraintdef(c.oid)) AS sql
      FROM named t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'c' AND c.coninhcount = 0
      UNION ALL
      SELECT 2, x.oid, CASE x.relkind WHEN 'i' THEN pg_get_indexdef(x.oid) ELSE
        regexp_replace(pg_get_indexdef(x.oid), '^(CREATE (?:UNIQUE )?INDEX (?:"(?:[^"]|"")*"|[^" ]+) ON )ONLY ', '\1') END
      FROM named t JOIN pg_index i ON i.indrelid = t.oid JOIN pg_class x ON x.oid = i.indexrelid
      WHERE i.indisvalid AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = x.oid)
        AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = x.oid AND c.conrelid = t.oid AND c.contype IN ('p', 'u', 'x'))
      UNION ALL
      SELECT 3, c.oid, format('ALTER TABLE %s ADD CONSTRAINT %I %s', t.name, c.conname, pg_get_constraintdef(c.oid))
      FROM named t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'f' AND c.conparentid = 0
      UNION ALL
      SELECT 4, s.oid, pg_get_statisticsobjdef(s.oid) FROM pg_statistic_ext s JOIN chosen ON s.stxrelid = chosen.oid
      UNION ALL
      SELECT 5, d.objid, format('ALTER SEQUENCE %I.%I OWNED BY %s.%I', n.nspname, c.relname, t.name, a.attname)
      FROM named t JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid AND d.deptype = 'a'
        AND d.classid = 'pg_class'::regclass
        JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
      WHERE EXISTS (SELECT FROM pg_depend u JOIN pg_attrdef f ON f.oid = u.objid JOIN chosen ON chosen.oid = f.adrelid
                    WHERE u.classid = 'pg_attrdef'::regclass AND u.refclassid = 'pg_class'::regclass AND u.refobjid = c.oid)
      UNION ALL
      SELECT 6, t.oid, format('COMMENT ON TABLE %s IS %L', t.name, obj_description(t.oid, 'pg_class'))
      FROM named t WHERE obj_description(t.oid, 'pg_class') IS NOT NULL
      UNION ALL
      SELECT 7, t.oid, format('COMMENT ON COLUMN %s.%I IS %L', t.name, a.attname, col_description(t.oid, a.attnum))
      FROM named t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE col_description(t.oid, a.attnum) IS NOT NULL) all_of_it
    ORDER BY step, oid, sql)";
}

std::string sequence_values_sql(const std::string& oids) {
  return needed(oids) + R"(,
    sequences AS (
      SELECT objid AS oid FROM own WHERE classid = 'pg_class'::regclass
      UNION SELECT d.objid FROM pg_depend d JOIN chosen ON d.refobjid = chosen.oid WHERE d.refclassid = 'pg_class'::regclass
        AND d.classid = 'pg_class'::regclass AND d.deptype = 'i')
    SELECT * FROM (
      SELECT format('%I.%I', n.nspname, c.relname),
             CASE WHEN has_sequence_privilege(c.oid, 'SELECT, USAGE') THEN pg_sequence_last_value(c.oid) END AS value
      FROM sequences JOIN pg_class c ON c.oid = sequences.oid AND c.relkind = 'S' JOIN pg_namespace n ON n.oid = c.relnamespace) s
    WHERE value IS NOT NULL)";
}

std::string row_tables_sql(const std::string& oids) {
  return chosen(oids) + R"(
    SELECT c.oid, format('%I.%I', n.nspname, c.relname),
      (SELECT coalesce(json_agg(quote_ident(a.attname) ORDER BY a.attnum), '[]') FROM pg_attribute a
       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
      (SELECT coalesce(json_agg(quote_ident(a.attname) ORDER BY place), '[]')
       FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY AS keys(k, place)
         JOIN pg_attribute a ON a.attnum = k
       WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND place <= i.indnkeyatts),
      (SELECT CASE WHEN bool_or(l.reltuples < 0) THEN -1 ELSE sum(l.reltuples)::int8 END
       FROM pg_class l WHERE l.relkind = 'r' AND (l.oid = c.oid OR l.oid IN (SELECT relid FROM pg_partition_tree(c.oid)))),
      (SELECT coalesce(sum(pg_total_relation_size(l.oid)), 0)::int8
       FROM pg_class l WHERE l.relkind = 'r' AND (l.oid = c.oid OR l.oid IN (SELECT relid FROM pg_partition_tree(c.oid))))
    FROM chosen JOIN pg_class c ON c.oid = chosen.oid AND NOT c.relispartition JOIN pg_namespace n ON n.oid = c.relnamespace
    ORDER BY n.nspname, c.relname)";
}

std::string foreign_keys_sql(const std::string& oids) {
  return chosen(oids) + R"(
    SELECT c.conrelid, c.confrelid,
      (SELECT json_agg(quote_ident(a.attname) ORDER BY place) FROM unnest(c.conkey) WITH ORDINALITY AS keys(k, place)
       JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k),
      (SELECT json_agg(quote_ident(a.attname) ORDER BY place) FROM unnest(c.confkey) WITH ORDINALITY AS keys(k, place)
       JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k),
      (SELECT json_agg(format_type(a.atttypid, a.atttypmod) ORDER BY place)
       FROM unnest(c.confkey) WITH ORDINALITY AS keys(k, place)
       JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k)
    FROM chosen JOIN pg_constraint c ON c.conrelid = chosen.oid AND c.contype = 'f' AND c.conparentid = 0
      JOIN pg_class t ON t.oid = c.conrelid
    WHERE NOT t.relispartition ORDER BY c.conrelid, c.conname)";
}

std::string left_out_sql(const std::string& oids) {
  return chosen(oids) + R"(
    SELECT * FROM (
      SELECT 'triggers of ' || string_agg(DISTINCT t.tgrelid::regclass::text, ', ') AS what
      FROM chosen JOIN pg_trigger t ON t.tgrelid = chosen.oid AND NOT t.tgisinternal AND t.tgparentid = 0
      UNION ALL
      SELECT 'rules of ' || string_agg(DISTINCT r.ev_class::regclass::text, ', ') FROM chosen JOIN pg_rewrite r ON r.ev_class = chosen.oid
      UNION ALL
      SELECT 'row-level security of ' || string_agg(DISTINCT c.oid::regclass::text, ', ')
      FROM chosen JOIN pg_class c ON c.oid = chosen.oid AND c.relrowsecurity) found
    WHERE what IS NOT NULL)";
}

// to_jsonb: 13 and 14 have no locale provider, and 17 has another name for its locale.
std::string_view database_options_sql() {
  return R"(
    SELECT format('ENCODING %L LC_COLLATE %L LC_CTYPE %L%s', pg_encoding_to_char(d.encoding), d.datcollate, d.datctype,
             CASE WHEN j->>'datlocprovider' = 'i'
                  THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L', coalesce(j->>'daticulocale', j->>'datlocale')) END),
           (SELECT coalesce(json_agg(format('%I TO %L', split_part(setting, '=', 1),
                                            substr(setting, strpos(setting, '=') + 1))), '[]')
            FROM pg_db_role_setting s, unnest(s.setconfig) setting
            WHERE s.setdatabase = d.oid AND s.setrole = 0
              AND split_part(setting, '=', 1) NOT IN ('search_path', 'temp_tablespaces', 'session_preload_libraries',
                                                      'local_preload_libraries')),
           d.datname, pg_has_role(d.datdba, 'USAGE'),
           (SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user), current_user
    FROM pg_database d, to_jsonb(d) j WHERE d.datname = current_database())";
}

}  // namespace troupe::postgres
