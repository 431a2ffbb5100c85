#include "cli/sweep/write_config.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "helpers/server_process.hpp"
#include "support/settings_load.hpp"
#include "support/settings_table.hpp"

using namespace troupe;
using Catch::Contains;

namespace {

/// A grid of two pool sizes, of which the second is recommended.
struct Sample {
  sweep::SweepInfo info;
  sweep::Grid grid;
  sweep::Recommendation recommendation;

  Sample() {
    info.command = "troupe sweep --scenario 'a\nb'";
    info.started_at = "2026-11-26T22:00:00Z";
    for (const std::size_t size : {2, 4}) {
      sweep::PlannedCell planned;
      planned.settings.server.host = "127.0.0.1";
      planned.settings.server.port = 0;
      planned.settings.server.max_connections = 12'345;
      planned.settings.database.url = "postgresql://me:secret@db/shop";
      planned.settings.database.table = "troupe_sweep_items";
      planned.settings.database.resources = "it's \"my\" shop.toml";
      planned.settings.database.pool_size = size;
      planned.settings.server.request_timeout = std::chrono::milliseconds(1500);
      planned.cell.workload = {"mixed", "direct"};
      planned.cell.configuration.settings = {{"database.pool_size", std::to_string(size)},
                                             {"database.batching", "coalesce"}};
      planned.cell.configuration.connections = size;
      grid.cells.push_back(std::move(planned));
    }
    recommendation.workload = {"mixed", "direct"};
    recommendation.cheapest = grid.cells[1].cell.configuration;
    recommendation.words = {"Run pool_size=4.", "How sure: so so."};
  }
};

}  // namespace

TEST_CASE("the settings file has what was swept and what is not standard, and can be loaded") {
  const Sample sample;
  const auto text = cli::config_text(sample.info, sample.recommendation, sample.grid).value();
  INFO(text);
  CHECK_THAT(text, Contains("# Run pool_size=4.\n# How sure: so so.\n") && Contains("--scenario 'a b'"));
  for (const auto* not_there : {"secret", "12345", "troupe_sweep_items", "host =", "port ="}) {
    INFO(not_there);
    CHECK_THAT(text, !Contains(not_there));
  }
  CHECK_THAT(text, Contains("batching = \"coalesce\""));  // swept, though it is the default
  const tests::TemporaryDirectory directory;
  const auto file = (directory.path() / "best.toml").string();
  std::ofstream(file) << text;
  const auto loaded = load_settings({}, {}, file);
  INFO((loaded ? "" : loaded.error().message));
  REQUIRE(loaded.has_value());
  auto expected = Settings{};
  expected.database.pool_size = 4;
  expected.database.resources = "it's \"my\" shop.toml";
  expected.server.request_timeout = std::chrono::milliseconds(1500);
  for (const auto& setting : settings_table()) {
    INFO(setting.key);
    CHECK(setting.read(loaded->settings) == setting.read(expected));
  }
}

TEST_CASE("without a recommendation there is nothing to write") {
  Sample sample;
  sample.recommendation.cheapest.reset();
  CHECK_FALSE(cli::config_text(sample.info, sample.recommendation, sample.grid).has_value());
}

TEST_CASE("a settings file is not written over another, nor for more than one answer") {
  Sample sample;
  const tests::TemporaryDirectory directory;
  const auto file = directory.path() / "best.toml";
  CHECK_FALSE(cli::cannot_write_config(file, sample.grid).has_value());
  std::ofstream(file) << "mine";
  CHECK_THAT(cli::cannot_write_config(file, sample.grid).value(), Contains("is there already"));
  std::filesystem::remove(file);
  sample.grid.cells[0].cell.workload.transport = "http";
  CHECK_THAT(cli::cannot_write_config(file, sample.grid).value(), Contains("2 workloads"));
}
