#include "sweep/run/test_database.hpp"

#include <spdlog/fmt/fmt.h>

#include "postgres/catalogue/drop_table.hpp"
#include "sweep/run/server_checks.hpp"

namespace troupe::sweep {
namespace {

// Emptying, filling and a checkpoint take longer than a request may.
constexpr std::chrono::milliseconds least_statement_timeout{60'000};
// Any number that no other program is likely to lock; the same for all sweeps.
constexpr std::int64_t sweep_lock = 8391171123574124404;
constexpr std::string_view table_mark = "made by troupe sweep, which empties and removes it";

Error refused(const postgres::StatementError& error) {
  return {ErrorCode::unavailable, fmt::format("PostgreSQL could not prepare the sweep's table: {} {}",
                                              error.sqlstate, error.in_full())};
}

Result<postgres::Rows> query(postgres::BlockingSession& session, const std::string& sql,
                             const postgres::Params& params = {}) {
  auto answer = session.run(sql, params);
  if (!answer) return answer.error();
  if (const auto* error = std::get_if<postgres::StatementError>(&*answer)) return refused(*error);
  return std::get<postgres::Rows>(std::move(*answer));
}

}  // namespace

Result<TestDatabase> TestDatabase::open(const DatabaseSettings& settings, std::size_t connections,
                                        const std::function<bool()>& give_up) {
  // The embedded one is made for that many; another is asked first, so that a refusal makes no table there.
  if (!settings.url.empty()) {
    const auto done = check_connections(settings.url, settings.connect_timeout, connections);
    if (!done) return done.error();
  }
  auto own = settings;
  own.table = sweep_table;
  own.resources.clear();
  auto database = postgres::Database::open(own, connections, give_up);
  if (!database) return database.error();
  const auto timeout = std::max(settings.connect_timeout, least_statement_timeout);
  auto guard = postgres::BlockingSession::open(database->conninfo(), timeout);
  if (!guard) return guard.error();
  TestDatabase test(std::move(*database), std::move(*guard), timeout);
  if (const auto done = test.take_table(); !done) return done.error();
  test.try_checkpoint();
  return test;
}

Result<void> TestDatabase::take_table() {
  // Until this session ends, no other sweep may empty the table under our repeats.
  const auto locked = query(guard_, "SELECT pg_try_advisory_lock(" + std::to_string(sweep_lock) + ")");
  if (!locked) return locked.error();
  if (!locked->boolean(0, 0)) {
    return Error{ErrorCode::invalid_argument,
                 "another sweep is using this database: wait for its end, or take another database"};
  }
  const auto& table = database_.items()->resource.table;
  const auto state =
      query(guard_, "SELECT coalesce(obj_description('" + table + "'::regclass, 'pg_class'), '') = '" +
                        std::string(table_mark) + "', EXISTS (SELECT FROM " + table + ")");
  if (!state) return state.error();
  const bool ours = state->boolean(0, 0), has_rows = state->boolean(0, 1);
  if (!ours && has_rows) {
    return Error{
        ErrorCode::invalid_argument,
        fmt::format(
            "the table {} holds rows and was not made by a sweep: rename it, or take another database",
            sweep_table)};
  }
  const auto marked = query(guard_, "COMMENT ON TABLE " + table + " IS '" + std::string(table_mark) + "'");
  return marked ? Result<void>{} : marked.error();
}

void TestDatabase::try_checkpoint() {
  // A managed PostgreSQL lets no user do it: repeats are then less alike, which the reader is told.
  const auto done = query(guard_, "CHECKPOINT");
  checkpoint_allowed_ = done.has_value();
  if (!checkpoint_allowed_) notes_.push_back("no checkpoint between repeats: " + done.error().message);
}

Result<postgres::BlockingSession> TestDatabase::session() const {
  return postgres::BlockingSession::open(database_.conninfo(), timeout_);
}

Result<void> TestDatabase::reset(std::size_t rows) {
  auto open = session();
  if (!open) return open.error();
  const auto& table = database_.items()->resource.table;
  if (const auto done = query(*open, "TRUNCATE " + table + " RESTART IDENTITY"); !done) return done.error();
  if (rows > 0) {
    postgres::Params params;
    params.add_int8(static_cast<std::int64_t>(rows));
    const auto done =
        query(*open,
              "INSERT INTO " + table +
                  " (name, description, price, in_stock) SELECT 'item ' || n, 'made for a sweep', n * 0.5, "
                  "n % 2 = 0 FROM generate_series(1, $1::int8) n",
              params);
    if (!done) return done.error();
  }
  if (const auto done = query(*open, "ANALYZE " + table); !done) return done.error();
  if (!checkpoint_allowed_) return {};
  const auto done = query(*open, "CHECKPOINT");
  return done ? Result<void>{} : done.error();
}

Result<void> TestDatabase::remove_table() {
  return postgres::drop_table(database_.conninfo(), database_.items()->resource.table, timeout_);
}

}  // namespace troupe::sweep
