#include "postgres/wire/refusal.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace troupe::postgres {
namespace {

/// A code of five characters, or its class: the first two.
struct Rule {
  std::string_view code;
  RefusalKind kind;
};

// The first that fits counts.
constexpr std::array rules{
    Rule{"23505", RefusalKind::conflict},        // unique_violation
    Rule{"23503", RefusalKind::conflict},        // foreign_key_violation
    Rule{"23001", RefusalKind::conflict},        // restrict_violation
    Rule{"23P01", RefusalKind::conflict},        // exclusion_violation
    Rule{"23", RefusalKind::invalid},            // integrity constraint violation
    Rule{"22", RefusalKind::invalid},            // data exception
    Rule{"44", RefusalKind::invalid},            // WITH CHECK OPTION of a view
    Rule{"P0001", RefusalKind::invalid},         // raise_exception
    Rule{"42501", RefusalKind::forbidden},       // insufficient_privilege
    Rule{"55P03", RefusalKind::busy},            // lock_not_available: lock_timeout
    Rule{"40", RefusalKind::busy},               // serialization failure, deadlock
    Rule{"53", RefusalKind::busy},               // insufficient resources
    Rule{"57014", RefusalKind::deadline},        // query_canceled: statement_timeout
    Rule{"57", RefusalKind::away},               // operator intervention
    Rule{"08", RefusalKind::away},               // connection exception
    Rule{"25006", RefusalKind::away},            // read_only_sql_transaction
    Rule{"42P01", RefusalKind::schema_changed},  // undefined_table
    Rule{"42703", RefusalKind::schema_changed},  // undefined_column
    Rule{"42704", RefusalKind::schema_changed},  // undefined_object: a type
    Rule{"42804", RefusalKind::schema_changed},  // datatype_mismatch
    Rule{"42883", RefusalKind::schema_changed},  // undefined_function: an operator of another type
    Rule{"428C9", RefusalKind::schema_changed},  // generated_always
    Rule{"42P10", RefusalKind::schema_changed},  // invalid_column_reference: ON CONFLICT without an index
    Rule{"3F000", RefusalKind::schema_changed},  // invalid_schema_name
};

// feature_not_supported, "cached plan must not change result type", has no code of its own.
bool result_type_changed(const StatementError& error) {
  return error.sqlstate == "0A000" && error.routine == "RevalidateCachedQuery";
}

}  // namespace

RefusalKind kind_of(const StatementError& error) {
  if (result_type_changed(error)) return RefusalKind::schema_changed;
  const auto rule =
      std::ranges::find_if(rules, [&](const Rule& each) { return error.sqlstate.starts_with(each.code); });
  return rule == rules.end() ? RefusalKind::internal : rule->kind;
}

}  // namespace troupe::postgres
