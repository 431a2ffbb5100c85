#include "postgres/copy/database_copy.hpp"

#include <spdlog/fmt/fmt.h>

#include <optional>
#include <utility>

#include "postgres/copy/copy_marks.hpp"
#include "postgres/copy/copy_room.hpp"
#include "postgres/copy/rows/copy_rows.hpp"
#include "postgres/copy/rows/generate_rows.hpp"
#include "postgres/copy/schema/copy_schema.hpp"
#include "postgres/wire/conninfo.hpp"
#include "schema/table_name.hpp"
#include "support/log_line.hpp"

namespace troupe::postgres {
namespace {

constexpr const char* in_use = "55006";
constexpr const char* no_privilege = "42501";
constexpr std::size_t shown_of_statement = 200;  // characters, in an error

Error may_not_create(const std::string& user) {
  return {ErrorCode::invalid_argument,
          fmt::format(
              "the user {0} may not create databases, so there can be no copy: ALTER ROLE {0} CREATEDB, or "
              "--use-table to write to the tables themselves, or --read-only",
              schema::quote_identifier(user))};
}

}  // namespace

/// The databases that were made, and the session that made them, whose lock says that they are in use.
struct DatabaseCopy::State {
  CopySession keeper;
  std::string server;  ///< conninfo of the source
  std::chrono::milliseconds timeout;
  std::string name, source, conninfo{}, description{};
  std::vector<std::string> settings{};
  bool restorable = false;
  bool removed = false;

  std::string quoted(const std::string& database) const { return schema::quote_identifier(database); }

  /// Makes one database, `how` being the rest of CREATE DATABASE, marks it and gives it its settings.
  Result<void> create(const std::string& database, const std::string& how) {
    if (const auto made = keeper.run("CREATE DATABASE " + quoted(database) + " " + how); !made)
      return made.error();
    if (const auto marked = mark_copy(keeper, database, source); !marked) return marked;
    for (const auto& setting : settings) {
      const auto set = keeper.run("ALTER DATABASE " + quoted(database) + " SET " + setting);
      if (!set) log_warn("the copy is without a setting of its original: {}", set.error().message);
    }
    return {};
  }

  Result<void> drop(CopySession& session) {
    if (restorable) {
      const auto gone = session.run("DROP DATABASE IF EXISTS " + quoted(run_name(name)) + " WITH (FORCE)");
      if (!gone) return gone.error();
    }
    const auto gone = session.run("DROP DATABASE IF EXISTS " + quoted(name) + " WITH (FORCE)");
    return gone ? Result<void>{} : gone.error();
  }

  Result<void> remove() {
    if (removed) return {};
    keeper.never_give_up();
    auto done = drop(keeper);
    if (!done) {  // the server may have been started again meanwhile
      auto again = maintenance_session(server, timeout, [] { return false; });
      if (again) done = drop(*again);
    }
    removed = done.has_value();
    return done;
  }
};

/// One copy, from the first look to the last row.
class DatabaseCopy::Maker {
 public:
  Maker(const std::string& conninfo, const CopyOptions& options) : conninfo_(conninfo), options_(options) {}

  Result<DatabaseCopy> make() {
    if (const auto done = look(); !done) return done.error();
    if (!schema_.may_create) return may_not_create(schema_.user);
    if (const auto done = look_for_room(); !done) return done.error();
    auto keeper = maintenance_session(conninfo_, options_.timeout, options_.give_up);
    if (!keeper) return keeper.error();
    const auto name = new_copy_name();
    if (const auto locked = lock_copy(*keeper, name); !locked) return locked.error();
    DatabaseCopy copy(std::make_unique<State>(State{.keeper = *std::move(keeper),
                                                    .server = conninfo_,
                                                    .timeout = options_.timeout,
                                                    .name = name,
                                                    .source = schema_.database,
                                                    .settings = schema_.settings,
                                                    .restorable = options_.restorable}));
    auto& state = *copy.state_;
    if (const auto done = fill(state); !done) return done.error();
    state.description = fmt::format("a copy of \"{}\" with {}", schema_.database, amount());
    const auto where = with_database(conninfo_, options_.restorable ? run_name(name) : name);
    if (!where) return where.error();
    state.conninfo = *where;
    if (const auto done = copy.reset(); !done) return done.error();
    state.keeper.never_give_up();  // what comes now is short, and who stops the run is heard elsewhere
    return copy;
  }

 private:
  /// Reads the schema; `source_` then holds the snapshot that the rows are read in.
  Result<void> look() {
    auto source = CopySession::open(conninfo_, options_.timeout, options_.give_up);
    if (!source) return source.error();
    source_.emplace(*std::move(source));
    auto schema = read_copy_schema(*source_, options_.tables);
    if (!schema) return schema.error();
    schema_ = *std::move(schema);
    share_ = share_of(options_.amount, schema_.tables);
    return {};
  }

  bool generated() const { return options_.amount.kind == CopyAmount::Kind::generated; }

  std::string amount() const {
    if (generated()) return fmt::format("{} made-up rows in each table", options_.amount.rows);
    return share_ >= 1 ? "all of its rows" : fmt::format("about {:.2g} % of its rows", 100 * share_);
  }

  Result<void> look_for_room() {
    const auto bytes = expected_bytes(schema_.tables, options_.amount, share_);
    options_.tell(fmt::format("copying \"{}\" beside it, on the same server: {} tables with {}, about {}",
                              schema_.database, schema_.tables.size(), amount(), megabytes(bytes)));
    return check_room(*source_, options_.restorable ? 2 * bytes : bytes);
  }

  Result<void> fill(State& state) {
    if (!generated() && share_ >= 1 && options_.amount.kind == CopyAmount::Kind::share && schema_.owned) {
      const auto whole = as_template(state);
      if (!whole) return whole.error();
      if (*whole) return {};
    }
    if (!schema_.left_out.empty())
      options_.tell(fmt::format("the copy is without {}", fmt::join(schema_.left_out, ", ")));
    const auto made = state.create(state.name, "TEMPLATE template0 " + schema_.options);
    if (!made) return state.keeper.refused_with(no_privilege) ? may_not_create(schema_.user) : made.error();
    const auto where = with_database(conninfo_, state.name);
    if (!where) return where.error();
    auto target = CopySession::open(*where, options_.timeout, options_.give_up);
    if (!target) return target.error();
    return fill_tables(*target);
  }

  /// Whether it was possible: PostgreSQL copies a database whole only while nobody else uses it.
  Result<bool> as_template(State& state) {
    source_.reset();
    const auto others = state.keeper.run(fmt::format(
        "SELECT pg_sleep(0.1); SELECT count(*) FROM pg_stat_activity WHERE datname = {} AND backend_type IS "
        "DISTINCT FROM 'autovacuum worker'",
        quote_text(schema_.database)));
    if (!others) return others.error();
    if (others->text(0, 0) == "0") {
      const auto made = state.create(state.name, "TEMPLATE " + schema::quote_identifier(schema_.database));
      if (made) return true;
      if (!state.keeper.refused_with(in_use)) return made.error();
    }
    options_.tell("others are using the original, so it is copied table by table");
    const auto again = look();
    return again ? Result<bool>(false) : again.error();
  }

  Result<void> fill_tables(CopySession& target) {
    // A function's body may name what comes later, or is not copied.
    if (const auto set = target.run("SET check_function_bodies = off"); !set) return set.error();
    if (const auto done = run_all(target, schema_.before); !done) return done;
    if (const auto done = generated() ? make_up(target) : copy(target); !done) return done;
    if (const auto done = set_sequences(target, schema_); !done) return done;
    // As a database is that has lived for a while: statistics, a visibility map, no hint bits to be set.
    const auto settled = target.run("VACUUM (ANALYZE)");
    return settled ? Result<void>{} : settled.error();
  }

  /// Rows first, because indexes are made of all at once faster than row by row.
  Result<void> copy(CopySession& target) {
    if (const auto done = copy_rows(*source_, target, schema_, share_, options_.tell); !done) return done;
    if (const auto done = run_all(target, schema_.keys); !done) return done;
    if (share_ < 1) {
      const auto done = copy_missing_parents(*source_, target, schema_, options_.tell);
      if (!done) return done;
    }
    source_.reset();
    return run_all(target, schema_.after);
  }

  /// Keys and checks first, because they say which rows there can be.
  Result<void> make_up(CopySession& target) {
    source_.reset();
    schema_.sequences.clear();  // they stand behind rows that are not there
    if (const auto done = run_all(target, schema_.keys); !done) return done;
    if (const auto done = run_all(target, schema_.after); !done) return done;
    return generate_rows(target, schema_, options_.amount.rows, options_.seed, options_.tell);
  }

  Result<void> run_all(CopySession& target, const std::vector<std::string>& statements) {
    for (const auto& sql : statements) {
      const auto done = target.run(sql);
      if (done) continue;
      if (!target.refusal() || done.error().code == ErrorCode::unavailable) return done.error();
      return Error{done.error().code, fmt::format("the copy cannot have what its original has: {} (in: {})",
                                                  done.error().message, sql.substr(0, shown_of_statement))};
    }
    return {};
  }

  const std::string& conninfo_;
  const CopyOptions& options_;
  std::optional<CopySession> source_;
  CopySchema schema_;
  double share_ = 1;
};

DatabaseCopy::DatabaseCopy(std::unique_ptr<State> state) : state_(std::move(state)) {}
DatabaseCopy::DatabaseCopy(DatabaseCopy&&) noexcept = default;

DatabaseCopy::~DatabaseCopy() {
  if (!state_) return;
  const auto done = remove();
  if (!done)
    log_error("could not remove the copy {}: {}; troupe copies --remove does", state_->name,
              done.error().message);
}

Result<DatabaseCopy> DatabaseCopy::make(const std::string& conninfo, CopyOptions options) {
  return Maker(conninfo, options).make();
}

const std::string& DatabaseCopy::conninfo() const {
  return state_->conninfo;
}

const std::string& DatabaseCopy::description() const {
  return state_->description;
}

bool DatabaseCopy::restorable() const {
  return state_->restorable;
}

Result<void> DatabaseCopy::remove() {
  return state_->remove();
}

Result<void> DatabaseCopy::reset() {
  if (!state_->restorable) return {};
  const auto run = run_name(state_->name);
  const auto gone =
      state_->keeper.run("DROP DATABASE IF EXISTS " + schema::quote_identifier(run) + " WITH (FORCE)");
  if (!gone) return gone.error();
  return state_->create(run, "TEMPLATE " + schema::quote_identifier(state_->name));
}

}  // namespace troupe::postgres
