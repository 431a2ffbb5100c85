#include "postgres/cluster/served_role.hpp"

#include <utility>
#include <variant>

#include "postgres/wire/blocking_session.hpp"

namespace troupe::postgres {
namespace {

// All of it or nothing: a role that exists has everything. What the superuser makes later can be used, too;
// owning it would take another start.
constexpr const char* statement = R"(DO $$
DECLARE
  object record;
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'troupe') THEN RETURN; END IF;
  CREATE ROLE troupe LOGIN NOSUPERUSER NOCREATEROLE;
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'pg_checkpoint') THEN GRANT pg_checkpoint TO troupe; END IF;
  EXECUTE format('ALTER DATABASE %I OWNER TO troupe', current_database());
  ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO troupe;
  ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO troupe;
  ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO troupe;
  FOR object IN SELECT nspname FROM pg_catalog.pg_namespace WHERE nspowner = 'postgres'::regrole
      AND nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
    EXECUTE format('ALTER SCHEMA %I OWNER TO troupe', object.nspname);
  END LOOP;
  -- A sequence that belongs to a column goes with its table; what belongs to an extension stays with it.
  FOR object IN SELECT c.oid::regclass AS name, c.relkind FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relowner = 'postgres'::regrole AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_class'::regclass
                      AND d.objid = c.oid AND (d.deptype = 'e' OR c.relkind = 'S' AND d.deptype IN ('a', 'i'))) LOOP
    EXECUTE format('ALTER %s %s OWNER TO troupe', CASE object.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN
                   'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, object.name);
  END LOOP;
END $$)";

}  // namespace

Result<void> prepare_served_role(const std::string& superuser, std::chrono::milliseconds timeout) {
  auto session = BlockingSession::open(superuser, timeout);
  if (!session) return session.error();
  const auto made = session->run(statement);
  if (!made) return made.error();
  if (const auto* refused = std::get_if<StatementError>(&*made))
    return Error{ErrorCode::io,
                 "cannot make the role that the embedded PostgreSQL is served as: " + refused->in_full()};
  return {};
}

}  // namespace troupe::postgres
