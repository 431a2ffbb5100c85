#include "cli/sweep/sweep_info.hpp"

#include <spdlog/fmt/fmt.h>

#include "sim/result/provenance.hpp"
#include "sweep/run/test_bed.hpp"

namespace troupe::cli {

Result<sweep::SweepInfo> begin_info(const sweep::Spec& spec, const sweep::Grid& grid,
                                    const Settings& settings, const postgres::Database* database) {
  auto info = sweep::info_of(spec, grid.axes);
  info.test_bed = sweep::this_test_bed();
  info.test_bed.settings = sim::settings_in_force(settings);
  info.test_bed.database = database != nullptr ? database->description() : "a stand-in";
  if (database == nullptr) return info;
  const auto done =
      sweep::add_postgresql(info.test_bed, database->conninfo(), settings.database.connect_timeout);
  if (!done) return done.error();
  return info;
}

Result<void> check_version(const sweep::SweepInfo& began, const postgres::Database& database,
                           const Settings& settings) {
  sweep::TestBed now;
  const auto done = sweep::add_postgresql(now, database.conninfo(), settings.database.connect_timeout);
  if (!done) return done.error();
  const auto version = began.test_bed.versions.find("postgresql");
  if (version == began.test_bed.versions.end() || version->second == now.versions["postgresql"]) return {};
  return Error{ErrorCode::invalid_argument,
               fmt::format("this sweep was begun on PostgreSQL {}, and here is {}: begin a new one",
                           version->second, now.versions["postgresql"])};
}

}  // namespace troupe::cli
