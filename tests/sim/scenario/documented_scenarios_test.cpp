// The scenarios that the guides show, read from the guides.
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "helpers/folder.hpp"
#include "sim/scenario/scenario_reader.hpp"

namespace {

/// What stands between ```toml and ``` and has tasks.
std::vector<std::string> scenarios_in(const std::string& guide) {
  constexpr std::string_view begin = "```toml\n", end = "```";
  std::vector<std::string> out;
  for (auto at = guide.find(begin); at != guide.npos; at = guide.find(begin, at)) {
    at += begin.size();
    const auto text = guide.substr(at, guide.find(end, at) - at);
    if (text.find("[[") != text.npos) out.push_back(text);
  }
  return out;
}

}  // namespace

TEST_CASE("a scenario that a guide shows can be loaded as it stands") {
  const auto guide = GENERATE(values<std::string>({"from-locust.md", "from-k6.md", "size-any-service.md"}));
  CAPTURE(guide);
  const auto path = std::filesystem::path(TROUPE_SOURCE_DIR) / "docs" / "how-to" / guide;
  const auto scenarios = scenarios_in(troupe::tests::content_of(path));
  CHECK_FALSE(scenarios.empty());
  for (const auto& text : scenarios) {
    const auto scenario = troupe::sim::parse_scenario(text, guide);
    CHECK((scenario ? "" : scenario.error().message) == "");
  }
}
