#include "sweep/run/resource_database.hpp"

#include <algorithm>

#include "postgres/catalogue/run_query.hpp"
#include "postgres/wire/blocking_session.hpp"
#include "postgres/wire/conninfo.hpp"

namespace troupe::sweep {
namespace {

// A checkpoint takes longer than a request may.
constexpr std::chrono::milliseconds least_timeout{60'000};

Result<postgres::Database> open_at(const DatabaseSettings& settings, const std::string& conninfo) {
  auto here = settings;
  here.url = conninfo;
  return postgres::Database::open(here, 0);
}

}  // namespace

Result<ResourceDatabase> ResourceDatabase::open(const DatabaseSettings& settings,
                                                postgres::DatabaseCopy copy) {
  auto database = open_at(settings, copy.conninfo());
  if (!database) return database.error();
  auto description = copy.description();
  ResourceDatabase resources(*std::move(database), std::move(copy), std::move(description),
                             std::max(settings.connect_timeout, least_timeout));
  // A managed PostgreSQL lets no user do it: repeats are then less alike, which the reader is told.
  if (const auto done = resources.checkpoint(); !done) {
    resources.checkpoint_allowed_ = false;
    resources.notes_.push_back("no checkpoint between repeats: " + done.error().message);
  }
  return resources;
}

Result<ResourceDatabase> ResourceDatabase::open(const DatabaseSettings& settings, bool read_only) {
  const auto conninfo = read_only ? postgres::read_only(settings.url) : Result<std::string>(settings.url);
  if (!conninfo) return conninfo.error();
  auto database = open_at(settings, *conninfo);
  if (!database) return database.error();
  auto description = database->description() + (read_only ? ", only read" : "");
  ResourceDatabase resources(*std::move(database), std::nullopt, std::move(description),
                             settings.connect_timeout);
  if (!read_only)
    resources.notes_.push_back(
        "the tables stay as each repeat leaves them (--use-table): later repeats find what "
        "earlier ones wrote");
  return resources;
}

Result<void> ResourceDatabase::checkpoint() const {
  auto session = postgres::BlockingSession::open(database_.conninfo(), timeout_);
  if (!session) return session.error();
  const auto done = postgres::run_query(*session, "CHECKPOINT");
  return done ? Result<void>{} : done.error();
}

Result<void> ResourceDatabase::reset() {
  if (!copy_ || !copy_->restorable()) return {};
  if (const auto done = copy_->reset(); !done) return done;
  return checkpoint_allowed_ ? checkpoint() : Result<void>{};
}

Result<void> ResourceDatabase::remove() {
  return copy_ ? copy_->remove() : Result<void>{};
}

}  // namespace troupe::sweep
