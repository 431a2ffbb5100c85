#include "postgres/session_statements.hpp"

namespace troupe::postgres {

const Statement& ping_statement() {
  static const Statement statement{"ping", "SELECT 1::int8"};
  return statement;
}

const Statement& set_timeouts_statement() {
  static const Statement statement{
      "set_timeouts",
      "SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false)"};
  return statement;
}

const Statement& set_forms_statement() {
  static const Statement statement{
      "set_forms",
      "SELECT set_config('DateStyle', 'ISO, YMD', false), set_config('TimeZone', 'UTC', false), "
      "set_config('IntervalStyle', 'postgres', false)"};
  return statement;
}

const Statement& discard_plans_statement() {
  static const Statement statement{"discard_plans", "DISCARD PLANS"};
  return statement;
}

const Statement& begin_read_only_statement() {
  static const Statement statement{"begin_read_only", "BEGIN READ ONLY"};
  return statement;
}

const Statement& commit_statement() {
  static const Statement statement{"commit", "COMMIT"};
  return statement;
}

}  // namespace troupe::postgres
