#include "world/run/shrink.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace troupe::world;

TEST_CASE("a schedule shrinks to the faults that its failure needs, in their order") {
  const auto size = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{40});
  std::vector<Fault> faults(size);
  for (std::size_t i = 0; i < size; ++i) faults[i].which = i;
  const std::vector<std::uint64_t> needed =
      size < 3 ? std::vector<std::uint64_t>{size - 1} : std::vector<std::uint64_t>{1, size / 2, size - 1};
  std::size_t runs = 0;
  const auto fails = [&](const std::vector<Fault>& some) {
    ++runs;
    return std::ranges::all_of(needed, [&](std::uint64_t which) {
      return std::ranges::find(some, which, &Fault::which) != some.end();
    });
  };
  const auto left = shrink(faults, fails);
  std::vector<std::uint64_t> which;
  for (const auto& fault : left) which.push_back(fault.which);
  CHECK(which == needed);
  CHECK(runs <= 2 * size + 20);
}

TEST_CASE("a failure that needs no fault keeps none") {
  CHECK(shrink(std::vector<Fault>(9), [](const auto&) { return true; }).empty());
}
