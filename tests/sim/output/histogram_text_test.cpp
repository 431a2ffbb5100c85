#include "sim/output/histogram_text.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <sstream>
#include <vector>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::sim;

namespace {

std::vector<std::string> lines_of(const Histogram& histogram) {
  std::istringstream in(histogram_text(histogram.sparse()));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::uint64_t sum_of_counts(const std::vector<std::string>& lines) {
  std::uint64_t sum = 0;
  for (const auto& line : lines) sum += std::stoull(line.substr(line.find('[') + 1));
  return sum;
}

}  // namespace

TEST_CASE("a histogram has ten steps to the 99th percentile, a line for the rest, and every answer in one") {
  Histogram histogram;
  for (int i = 1; i <= 1'000; ++i) histogram.record(std::chrono::milliseconds(i));
  histogram.record(30s, 5);
  const auto lines = lines_of(histogram);
  REQUIRE(lines.size() == 11);
  CHECK(sum_of_counts(lines) == 1'005);
  CHECK(lines[0].find("■■■■■■■■■■■■■■■") != std::string::npos);
  CHECK(lines[10].find("30.0 s") != std::string::npos);
}

TEST_CASE("a few answers, or all of one length, make no fault") {
  Histogram histogram;
  CHECK(histogram_text(histogram.sparse()).empty());
  histogram.record(5ms, 7);
  CHECK(sum_of_counts(lines_of(histogram)) == 7);
  CHECK(lines_of(histogram).size() == 1);
  histogram.record(6ms);
  CHECK(sum_of_counts(lines_of(histogram)) == 8);
  SparseHistogram nonsense;
  nonsense.entries = {{4'000'000, 1}};
  CHECK(histogram_text(nonsense).empty());
}
