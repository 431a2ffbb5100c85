#include "stand_in/stand_in_rows.hpp"

#include <catch2/catch.hpp>

#include "helpers/item_commands.hpp"

using namespace troupe;
using namespace troupe::stand_in;
using namespace troupe::tests;

TEST_CASE("a read's row has the key that was asked for, however many have been asked for", "[sim]") {
  StandInRows rows;
  for (int round = 0; round < 2; ++round) {
    for (std::int64_t id = 1; id <= 5'000; ++id) {
      const auto answer = rows.answer(read_item(id), 1);
      if (id_in(answer) != id || answer.count != 1) FAIL("another row than " << id);
    }
  }
}

TEST_CASE("a row is what its command says, whatever was read before", "[sim]") {
  StandInRows rows;
  CHECK(name_in(rows.answer(read_item(7), 1)) == "stand-in");
  const auto made = rows.answer(create_item("lamp"), 42);
  CHECK(id_in(made) == 42);
  CHECK(name_in(made) == "lamp");
  CHECK(name_in(rows.answer(read_item(7), 1)) == "stand-in");
  auto other = read_item(7);  // the same key of a resource that was read again from the catalogue
  other.resource = postgres::declared_items();
  CHECK(id_in(rows.answer(other, 1)) == 7);
}
