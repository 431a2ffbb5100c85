#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <sstream>
#include <vector>

#include "sim/output/hgrm.hpp"
#include "support/distributions.hpp"
#include "support/histogram.hpp"

using namespace std::chrono_literals;
using troupe::Histogram;
using troupe::SparseHistogram;
using us = std::chrono::microseconds;

namespace {

/// The definition, by sorting: the value of rank ceil(p / 100 × n). `tenths` of a percent keep the rank in
/// whole numbers.
std::uint64_t exact_percentile(std::vector<std::uint64_t> values, std::size_t tenths) {
  std::sort(values.begin(), values.end());
  const auto rank = std::max<std::size_t>(1, (tenths * values.size() + 999) / 1000);
  return values[rank - 1];
}

}  // namespace

TEST_CASE("a cell covers every value once, with a relative width below a thousandth") {
  std::uint64_t expected = 0;
  for (std::uint32_t i = 0; i < Histogram::cell_count; ++i) {
    const auto low = Histogram::lowest_at(i);
    const auto high = Histogram::highest_at(i);
    REQUIRE(low == expected);
    expected = high + 1;
    if (low >= 2048) REQUIRE(static_cast<double>(high - low + 1) / static_cast<double>(low) <= 1e-3);
    if (low < 2048) REQUIRE(high == low);
    if (high <= 3'600'000'000) {
      REQUIRE(Histogram::index_of(low) == i);
      REQUIRE(Histogram::index_of(high) == i);
    }
  }
  REQUIRE(expected > 3'600'000'000);
}

TEST_CASE("percentiles of 1 to 1000 are the values of their ranks, without rounding errors") {
  Histogram histogram;
  for (int i = 1; i <= 1000; ++i) histogram.record(us(i));
  const auto [percent, value] = GENERATE(table<double, int>({{0, 1},
                                                             {0.1, 1},
                                                             {0.15, 2},
                                                             {50, 500},
                                                             {66, 660},
                                                             {75, 750},
                                                             {80, 800},
                                                             {90, 900},
                                                             {95, 950},
                                                             {98, 980},
                                                             {99, 990},
                                                             {99.9, 999},
                                                             {99.91, 1000},
                                                             {100, 1000}}));
  CAPTURE(percent);
  REQUIRE(histogram.percentile(percent) == us(value));
}

TEST_CASE("percentiles of random data lie in the cell of the exactly sorted answer") {
  const auto seed = GENERATE(1, 2, 3);
  troupe::Rng rng(seed);
  Histogram histogram;
  std::vector<std::uint64_t> values;
  for (int i = 0; i < 20'011; ++i) {
    const auto value = static_cast<std::uint64_t>(std::exp(2 + 18 * rng.uniform()));
    values.push_back(value);
    histogram.record(us(value));
  }
  for (const std::size_t tenths : {1, 100, 500, 750, 900, 950, 990, 999, 1000}) {
    const auto exact = exact_percentile(values, tenths);
    const auto cell = Histogram::highest_at(Histogram::index_of(exact));
    CAPTURE(tenths, exact);
    REQUIRE(histogram.percentile(static_cast<double>(tenths) / 10) == std::min(us(cell), histogram.max()));
  }
}

TEST_CASE("a percentile is reported as the highest value of its cell, but never beyond the maximum") {
  Histogram histogram;
  histogram.record(us(10'001), 99);  // cells are 8 µs wide here: 10,000 to 10,007
  histogram.record(us(50'001));      // 32 µs: 49,984 to 50,015
  REQUIRE(histogram.percentile(50) == us(10'007));
  REQUIRE(histogram.percentile(100) == us(50'001));
}

TEST_CASE("count, minimum, maximum and mean are exact") {
  Histogram histogram;
  histogram.record(123'457us);
  histogram.record(1us, 2);
  REQUIRE(histogram.count() == 3);
  REQUIRE(histogram.min() == 1us);
  REQUIRE(histogram.max() == 123'457us);
  REQUIRE(histogram.mean().count() == Approx((123'457 + 2) / 3.0));
}

TEST_CASE("an empty histogram answers zero") {
  const Histogram histogram;
  REQUIRE(histogram.count() == 0);
  REQUIRE(histogram.percentile(99) == 0us);
  REQUIRE(histogram.min() == 0us);
  REQUIRE(histogram.max() == 0us);
  REQUIRE(histogram.mean().count() == 0);
  REQUIRE(histogram.standard_deviation().count() == 0);
  REQUIRE(histogram.count_at_or_below(1h) == 0);
}

TEST_CASE("values are rounded to microseconds and kept within 0 and 1 h") {
  const auto [value, expected] = GENERATE(table<troupe::Duration, us>(
      {{-5ms, 0us}, {499ns, 0us}, {500ns, 1us}, {1499ns, 1us}, {1h, 1h}, {1h + 1us, 1h}, {1000h, 1h}}));
  Histogram histogram;
  histogram.record(value);
  REQUIRE(histogram.max() == expected);
  REQUIRE(histogram.percentile(100) == expected);
}

TEST_CASE("merging equals recording everything in one histogram") {
  troupe::Rng rng(7);
  Histogram a, b, all;
  for (int i = 0; i < 5'000; ++i) {
    const auto value = us(rng.below(10'000'000));
    (i % 3 == 0 ? a : b).record(value);
    all.record(value);
  }
  auto sparse = a.sparse();
  merge(sparse, b.sparse());
  REQUIRE(sparse == all.sparse());
  REQUIRE(b.merge(a.sparse()).has_value());
  REQUIRE(b.sparse() == all.sparse());
  Histogram dense;
  dense.merge(all);
  dense.merge(Histogram{});
  REQUIRE(dense.sparse() == all.sparse());
  REQUIRE(dense.percentile(99) == all.percentile(99));
}

TEST_CASE("merging with an empty sparse histogram changes nothing") {
  Histogram one;
  one.record(5ms);
  auto sparse = one.sparse();
  merge(sparse, {});
  REQUIRE(sparse == one.sparse());
  SparseHistogram empty;
  merge(empty, one.sparse());
  REQUIRE(empty == one.sparse());
}

TEST_CASE("a reset histogram is as good as a new one") {
  Histogram histogram;
  histogram.record(3s);
  histogram.record(1us);
  histogram.reset();
  REQUIRE(histogram.sparse() == SparseHistogram{});
  histogram.record(2ms);
  REQUIRE(histogram.min() == 2ms);
  REQUIRE(histogram.max() == 2ms);
  REQUIRE(histogram.percentile(50) == 2ms);
}

TEST_CASE("a histogram comes back unchanged from its sparse form") {
  Histogram histogram;
  for (const auto value : {0us, 1us, 2047us, 2048us, 999'999us, us(1h)}) histogram.record(value, 3);
  const auto back = Histogram::from(histogram.sparse());
  REQUIRE(back.has_value());
  REQUIRE(back->sparse() == histogram.sparse());
  REQUIRE(back->mean() == histogram.mean());
}

TEST_CASE("a sparse form that cannot be a histogram is refused and merges nothing") {
  const auto [sparse, message] = GENERATE(table<SparseHistogram, std::string>({
      {{{{Histogram::cell_count, 1}}, 1, 1, 1}, "out of range"},
      {{{{5, 1}, {5, 1}}, 10, 5, 5}, "rising order"},
      {{{{5, 0}}, 0, 5, 5}, "is empty"},
      {{{{5, 1}}, 5, 4, 5}, "contradict"},
      {{{{5, 1}}, 5, 5, 6}, "contradict"},
  }));
  Histogram histogram;
  const auto merged = histogram.merge(sparse);
  REQUIRE(merged.has_error());
  REQUIRE_THAT(merged.error().message, Catch::Contains(message));
  REQUIRE(histogram.count() == 0);
}

TEST_CASE("the .hgrm text is what HdrHistogram writes") {
  Histogram histogram;
  for (const auto ms : {1, 2, 3, 4}) histogram.record(std::chrono::milliseconds(ms));
  // Worked by hand from HdrHistogram's PercentileIterator with 5 ticks: levels 0, .1, .2, .3, .4, .5, .55,
  // .6, .65, .7, .75, then .775, whose cell completes the count, and the closing line. The cells of 2 and 3
  // ms: 2000 (1 µs), 3000–3001, 4000–4003 (capped).
  const std::string expected =
      "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"
      "       1.000 0.000000000000          1           1.00\n"
      "       1.000 0.100000000000          1           1.11\n"
      "       1.000 0.200000000000          1           1.25\n"
      "       2.000 0.300000000000          2           1.43\n"
      "       2.000 0.400000000000          2           1.67\n"
      "       2.000 0.500000000000          2           2.00\n"
      "       3.001 0.550000000000          3           2.22\n"
      "       3.001 0.600000000000          3           2.50\n"
      "       3.001 0.650000000000          3           2.86\n"
      "       3.001 0.700000000000          3           3.33\n"
      "       3.001 0.750000000000          3           4.00\n"
      "       4.000 0.775000000000          4           4.44\n"
      "       4.000 1.000000000000          4\n"
      "#[Mean    =        2.500, StdDeviation   =        1.118]\n"
      "#[Max     =        4.000, Total count    =            4]\n"
      "#[Buckets =           22, SubBuckets     =         2048]\n";
  REQUIRE(troupe::sim::write_hgrm(histogram) == expected);
}

TEST_CASE("the .hgrm text of nothing has a header and zeros") {
  REQUIRE_THAT(troupe::sim::write_hgrm({}), Catch::Contains("Total count    =            0"));
}
