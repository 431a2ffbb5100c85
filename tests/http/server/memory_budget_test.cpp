#include "http/server/memory_budget.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <string>

using namespace troupe::http;

namespace {

constexpr std::size_t mib = 1024 * 1024;

OutgoingBytes page_of(std::size_t size) {
  return {"head", std::make_shared<const std::string>(size, 'p')};
}

}  // namespace

TEST_CASE("all shares together hold what the limit says, and what is let go of another can hold") {
  MemoryBudget budget;
  MemoryShare first(budget, 10 * mib), second(budget, 10 * mib);
  REQUIRE(first.change(0, 6 * mib));
  REQUIRE(second.change(0, 2 * mib));
  CHECK_FALSE(first.change(0, 3 * mib));
  CHECK_FALSE(second.change(0, 3 * mib));
  first.change(6 * mib, 0);
  CHECK(second.change(0, 6 * mib));
}

TEST_CASE("who alone holds something in a share may hold it whatever is left") {
  MemoryBudget budget;
  MemoryShare first(budget, 4 * mib), second(budget, 4 * mib);
  CHECK(first.change(0, 9 * mib));
  CHECK(first.change(9 * mib, 10 * mib));
  CHECK_FALSE(first.change(0, 1));
  CHECK(second.change(0, 5 * mib));
  CHECK_FALSE(second.change(0, mib));
  CHECK(first.take_refusals() == 1);
  CHECK(first.take_refusals() == 0);
  CHECK(budget.refusals() == 2);
  first.change(10 * mib, 0);
  second.change(5 * mib, mib);
  CHECK(second.change(0, mib));
}

TEST_CASE("a body that several readers keep counts once, until the last has it") {
  MemoryBudget budget;
  MemoryShare share(budget, 10 * mib);
  const auto page = page_of(6 * mib);
  for (int reader = 0; reader < 50; ++reader) {
    REQUIRE(share.can_keep(page));
    REQUIRE(share.keep(page));
  }
  CHECK(share.held() < 6 * mib + 10'000);
  CHECK_FALSE(share.can_keep(page_of(6 * mib)));
  CHECK_FALSE(share.keep(page_of(6 * mib)));
  for (int reader = 0; reader < 49; ++reader) share.drop(page);
  CHECK(share.held() >= 6 * mib);
  share.drop(page);
  CHECK(share.held() == 0);
  CHECK(share.keep(page_of(10 * mib)));
}

TEST_CASE("what only seemed to be needed goes back to the budget") {
  MemoryBudget budget;
  MemoryShare first(budget, 10 * mib), second(budget, 10 * mib);
  REQUIRE(second.change(0, mib));
  REQUIRE(first.can_keep(page_of(8 * mib)));
  CHECK_FALSE(second.change(0, 6 * mib));
  first.give_back_spare();
  CHECK(second.change(0, 6 * mib));
}

TEST_CASE("a flood is noticed once, when it is over") {
  MemoryBudget budget;
  MemoryShare share(budget, 64 * mib);
  share.change(0, 7 * mib);
  share.change(7 * mib, 0);
  CHECK_FALSE(share.has_ebbed());
  share.change(0, 40 * mib);
  CHECK_FALSE(share.has_ebbed());
  share.change(40 * mib, 10 * mib);
  CHECK_FALSE(share.has_ebbed());
  share.change(10 * mib, mib);
  CHECK(share.has_ebbed());
  CHECK_FALSE(share.has_ebbed());
}
