#include <unistd.h>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "helpers/sim_realistic_result.hpp"
#include "sim/output/run_html.hpp"
#include "support/atomic_file.hpp"

using namespace troupe::sim;
namespace fs = std::filesystem;

TEST_CASE("a report opens in a browser: every chart is drawn, on a phone, in the dark, with hostile texts") {
  const auto folder = fs::temp_directory_path() / ("troupe_html_e2etest_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  auto quiet = realistic_result();
  quiet.thresholds.clear();
  RunResult nothing;  // interrupted before its first second
  nothing.run.interrupted = true;
  auto lasting = quiet;
  for (auto& point : lasting.series) {
    point.second *= 30;
    point.seconds = 30;
    point.failed = 60;
    point.timed_out = 0;
  }
  auto outside = quiet;
  outside.waterfall = {{RequestStage::connect, MeanMicros(2), Micros(0), 64},
                       {RequestStage::wait, MeanMicros(700), Micros(900), 1000},
                       {RequestStage::transfer, MeanMicros(0), Micros(0), 0}};
  const auto write = [&](const std::string& name, const RunResult& result) {
    REQUIRE(troupe::write_file(folder / name, html_report(result)).has_value());
  };
  write("run.html", realistic_result());
  write("quiet.html", quiet);
  write("hostile.html", realistic_result(" <img src=x onerror=alert(1)> </script><b>&amp;"));
  write("nothing.html", nothing);
  write("long.html", lasting);
  write("outside.html", outside);

  const std::string script = TROUPE_SOURCE_DIR "/web/test/report_test.mjs";
  const auto status = std::system(("REPORTS='" + folder.string() + "' node '" + script + "'").c_str());
  CHECK(status == 0);  // its output, one line per check, says what failed
  if (status == 0 && std::getenv("KEEP_REPORTS") == nullptr) fs::remove_all(folder);
}
