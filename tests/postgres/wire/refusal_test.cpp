#include "postgres/wire/refusal.hpp"

#include <catch2/catch.hpp>

using namespace troupe::postgres;

TEST_CASE("an SQLSTATE says what a refusal means for whoever asked") {
  struct Row {
    std::string sqlstate;
    RefusalKind expected;
  };
  using Kind = RefusalKind;
  const auto row = GENERATE(values<Row>({
      {"22003", Kind::invalid},         // numeric_value_out_of_range
      {"22P02", Kind::invalid},         // invalid_text_representation
      {"23502", Kind::invalid},         // not_null_violation
      {"23514", Kind::invalid},         // check_violation
      {"23000", Kind::invalid},         // integrity_constraint_violation
      {"44000", Kind::invalid},         // with_check_option_violation
      {"P0001", Kind::invalid},         // raise_exception
      {"23505", Kind::conflict},        // unique_violation
      {"23503", Kind::conflict},        // foreign_key_violation
      {"23001", Kind::conflict},        // restrict_violation
      {"23P01", Kind::conflict},        // exclusion_violation
      {"42501", Kind::forbidden},       // insufficient_privilege
      {"55P03", Kind::busy},            // lock_not_available
      {"40001", Kind::busy},            // serialization_failure
      {"40P01", Kind::busy},            // deadlock_detected
      {"53100", Kind::busy},            // disk_full
      {"53300", Kind::busy},            // too_many_connections
      {"08006", Kind::away},            // connection_failure
      {"57000", Kind::away},            // operator_intervention
      {"57P01", Kind::away},            // admin_shutdown
      {"57P05", Kind::away},            // idle_session_timeout
      {"25006", Kind::away},            // read_only_sql_transaction
      {"57014", Kind::deadline},        // query_canceled
      {"42P01", Kind::schema_changed},  // undefined_table
      {"42703", Kind::schema_changed},  // undefined_column
      {"42704", Kind::schema_changed},  // undefined_object
      {"42804", Kind::schema_changed},  // datatype_mismatch
      {"42883", Kind::schema_changed},  // undefined_function
      {"428C9", Kind::schema_changed},  // generated_always
      {"42P10", Kind::schema_changed},  // invalid_column_reference
      {"3F000", Kind::schema_changed},  // invalid_schema_name
      {"0A000", Kind::internal},        // feature_not_supported
      {"25P02", Kind::internal},        // in_failed_sql_transaction
      {"42601", Kind::internal},        // syntax_error
      {"55000", Kind::internal},        // object_not_in_prerequisite_state
      {"P0002", Kind::internal},        // no_data_found
      {"XX000", Kind::internal},        // internal_error
      {"", Kind::internal},
  }));
  INFO(row.sqlstate);
  CHECK(kind_of({row.sqlstate, "no"}) == row.expected);
}

TEST_CASE("a plan whose result type has changed tells of a changed schema") {
  StatementError error{"0A000", "cached plan must not change result type"};
  error.routine = "RevalidateCachedQuery";
  CHECK(kind_of(error) == RefusalKind::schema_changed);
}
