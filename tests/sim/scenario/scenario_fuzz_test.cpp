// Scenario files, broken in every way: they load, or one line says why not.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "helpers/folder.hpp"
#include "helpers/mutate.hpp"
#include "sim/scenario/scenario_reader.hpp"

using namespace troupe;
using namespace troupe::tests;

namespace {

/// The shipped scenarios, and the examples of the documentation.
std::vector<std::string> seed_scenarios() {
  std::vector<std::string> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(TROUPE_SOURCE_DIR "/config/scenarios"))
    seeds.push_back(content_of(entry.path()));
  const auto page = content_of(TROUPE_SOURCE_DIR "/docs/reference/simulator.md");
  constexpr std::string_view opening = "```toml\n";
  for (auto at = page.find(opening); at != std::string::npos; at = page.find(opening, at + 1)) {
    const auto begin = at + opening.size();
    seeds.push_back(page.substr(begin, page.find("```", begin) - begin));
  }
  return seeds;
}

/// Pieces of TOML and of scenarios, put in wherever chance wants them.
const std::array<std::string_view, 42> pieces{"\"",
                                              "'",
                                              "'''",
                                              "\n",
                                              "[",
                                              "]",
                                              "[[",
                                              "{",
                                              "}",
                                              "{}",
                                              "[]",
                                              "=",
                                              ",",
                                              ".",
                                              "#",
                                              "-1",
                                              "0",
                                              "1e999",
                                              "nan",
                                              "9223372036854775807",
                                              "true",
                                              "1979-05-27T07:32:00Z",
                                              "\"\\u0000\"",
                                              "\"{id}\"",
                                              "\"{random_int(5,1)}\"",
                                              "\"{nobody}\"",
                                              "\n[[task]]\n",
                                              "\n[[user]]\n",
                                              "\n[[user.start]]\n",
                                              "\n[cycle]\n",
                                              "\nweight = 1000\n",
                                              "\nmethod = \"POST\"\npath = \"/x\"\n",
                                              "\nextract = { a = \"/b\" }\n",
                                              "\nextract = { a = \"regex:(\" }\n",
                                              "\nparams.x = { list = [] }\n",
                                              "\nparams.x = { uniform = [2, 1] }\n",
                                              "\nchecks = { json = { x = [1] } }\n",
                                              "\nauth = { basic = 1 }\n",
                                              "\n\"a\\nb\" = 1\n",
                                              "\nname = \"a\\nb\"\n",
                                              "\nthink_time = { kind = \"normal\" }\n",
                                              "\xff"};

/// Swaps, repeats and takes away lines and single bytes, and puts in pieces.
void mutate_scenario(std::string& text, Random& random) {
  const auto at = below(random, text.size() + 1);
  const auto line = std::min(text.find('\n', at), text.size());
  const auto end = std::min(text.find('\n', std::min(line + 1, text.size())), text.size());
  switch (below(random, 6)) {
    case 0:
    case 1:
      text.insert(at, pieces[below(random, pieces.size())]);
      break;
    case 2:
      text.erase(line, end - line);
      break;
    case 3:
      text.insert(std::min(text.find('\n', below(random, text.size() + 1)), text.size()),
                  text.substr(line, end - line));
      break;
    case 4:
      text.erase(at, below(random, 6));
      break;
    default:
      if (at < text.size()) text[at] = static_cast<char>(below(random, 256));
  }
}

void load_mutated(unsigned seed, int rounds) {
  Random random(seed);
  const auto seeds = seed_scenarios();
  REQUIRE(seeds.size() > 7);
  int loaded = 0, refused = 0;
  const Folder folder("scenario_fuzz");
  write_content(folder / "users.csv", "name,password\na,b\n");
  for (int round = 0; round < rounds; ++round) {
    auto text = seeds[below(random, seeds.size())];
    for (auto mutations = below(random, 5); mutations > 0; --mutations) mutate_scenario(text, random);
    const auto read = sim::parse_scenario(text, folder / "fuzz.toml");
    ++(read ? loaded : refused);
    if (read) continue;
    const auto& message = read.error().message;
    INFO("round " << round << ": " << text);
    INFO(message);
    REQUIRE(message.find('\n') == std::string::npos);
    REQUIRE(message.find("fuzz.toml:") != std::string::npos);
  }
  // Both ends must be met often, or the mutations test nothing.
  CHECK(loaded > rounds / 10);
  CHECK(refused > rounds / 10);
}

}  // namespace

TEST_CASE("a mutated scenario loads or is refused in one line that names its place") {
  load_mutated(1, 500);
}

TEST_CASE("thousands of mutated scenarios load or are refused in one line that names their place",
          "[.][nightly]") {
  const auto seed = GENERATE(range(10U, 20U));
  load_mutated(seed, 5000);
}
