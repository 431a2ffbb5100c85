#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "support/settings_load.hpp"

using namespace troupe;

namespace {

ConfigFile read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {path.string(), {std::istreambuf_iterator<char>(in), {}}};
}

std::map<std::string, ConfigFile> models() {
  std::map<std::string, ConfigFile> found;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(TROUPE_SOURCE_DIR) / "config/models")) {
    found.emplace(entry.path().stem().string(), read(entry.path()));
  }
  return found;
}

Settings settings_of(const std::string& model) {
  Settings settings;
  for (const auto& value : parse_config(models().at(model)).value()) {
    REQUIRE(set_setting(settings, value.key, value.text).has_value());
  }
  return settings;
}

}  // namespace

TEST_CASE("every model holds settings that are allowed, all the same ones, and begins by saying what it is",
          "[settings]") {
  std::set<std::set<std::string>> key_sets;
  for (const auto& [name, file] : models()) {
    INFO(name);
    CHECK(file.text.starts_with("# "));
    const auto values = parse_config(file);
    REQUIRE(values.has_value());
    Settings settings;
    std::set<std::string> keys;
    for (const auto& value : *values) {
      INFO(value.key);
      CHECK(set_setting(settings, value.key, value.text).has_value());
      keys.insert(value.key);
    }
    key_sets.insert(keys);
  }
  CHECK(key_sets.size() == 1);  // a model laid over another one leaves nothing of it
}

TEST_CASE("each model waits for PostgreSQL as its original does", "[settings]") {
  struct Row {
    std::string model;
    Execution execution;
    Batching batching;
  };
  const auto row = GENERATE(values<Row>({{"event-loop", Execution::async, Batching::off},
                                         {"threads", Execution::detached, Batching::off},
                                         {"prefork", Execution::blocking, Batching::off},
                                         {"actors", Execution::async, Batching::coalesce}}));
  CAPTURE(row.model);
  const auto settings = settings_of(row.model);
  CHECK(settings.database.execution == row.execution);
  CHECK(settings.database.batching == row.batching);
  if (row.model == "prefork") CHECK(settings.workers.count == settings.database.pool_size);
  if (row.model == "event-loop") CHECK(settings.workers.count < settings.database.pool_size);
}
