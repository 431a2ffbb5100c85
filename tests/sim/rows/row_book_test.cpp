#include "sim/rows/row_book.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <thread>

#include "schema/element.hpp"

using namespace troupe;
using namespace troupe::sim;

namespace {

constexpr KeyChoice zipfian{KeyChoice::Kind::zipfian, 0.99};
constexpr KeyChoice uniform{KeyChoice::Kind::uniform};

std::optional<std::int64_t> id_of(const std::optional<RowKey>& key) {
  if (!key) return std::nullopt;
  std::string_view elements = *key;
  return schema::integer_of(schema::take_element(elements).value());
}

std::optional<std::int64_t> pick(RowBook& book, Rng& rng) {
  return id_of(book.pick(rng));
}

std::optional<std::int64_t> take(RowBook& book, Rng& rng) {
  return id_of(book.take(rng));
}

/// How often each id is picked.
std::map<std::int64_t, int> picks(RowBook& book, int times) {
  Rng rng(1);
  std::map<std::int64_t, int> out;
  for (int i = 0; i < times; ++i) ++out[pick(book, rng).value()];
  return out;
}

}  // namespace

TEST_CASE("an empty book has nothing to give") {
  RowBook book(GENERATE(zipfian, uniform));
  Rng rng(1);
  CHECK_FALSE(pick(book, rng));
  CHECK_FALSE(take(book, rng));
  book.add(integer_key(7));
  CHECK(take(book, rng) == 7);
  CHECK_FALSE(pick(book, rng));
}

TEST_CASE("who takes an item has it alone, whatever thread asks") {
  RowBook book(GENERATE(zipfian, uniform));
  for (std::int64_t id = 1; id <= 1'000; ++id) book.add(integer_key(id));
  std::vector<std::int64_t> taken[2];
  std::thread other([&] {
    Rng rng(2);
    while (const auto id = take(book, rng)) taken[1].push_back(*id);
  });
  Rng rng(1);
  while (const auto id = take(book, rng)) taken[0].push_back(*id);
  other.join();
  std::set<std::int64_t> all(taken[0].begin(), taken[0].end());
  all.insert(taken[1].begin(), taken[1].end());
  CHECK(taken[0].size() + taken[1].size() == 1'000);
  CHECK(all.size() == 1'000);
}

TEST_CASE("zipfian popularity goes by age, and deletions leave the others' order as it was") {
  RowBook book(zipfian);
  for (std::int64_t id = 1; id <= 1'000; ++id) book.add(integer_key(id));
  Rng rng(3);
  std::set<std::int64_t> gone;
  for (std::int64_t id = 1'001; id <= 1'200; ++id) {  // as many come as go
    gone.insert(take(book, rng).value());
    book.add(integer_key(id));
  }
  auto seen = picks(book, 200'000);
  std::int64_t oldest = 1;
  while (gone.contains(oldest)) ++oldest;
  for (const auto& [id, count] : seen) {
    CHECK_FALSE(gone.contains(id));
    CHECK(count <= seen[oldest]);
  }
  CHECK(seen[1'200] < seen[oldest] / 20);
}

TEST_CASE("a book that is full forgets what comes, and nothing that it has") {
  RowBook book(uniform, 3);
  for (std::int64_t id = 1; id <= 5; ++id) book.add(integer_key(id));
  const auto seen = picks(book, 1'000);
  CHECK(seen.size() == 3);
  CHECK_FALSE(seen.contains(4));
}
