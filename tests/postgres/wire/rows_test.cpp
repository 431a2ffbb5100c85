#include "postgres/wire/rows.hpp"

#include <catch2/catch.hpp>

#include "postgres/wire/rows_builder.hpp"

using namespace troupe::postgres;

TEST_CASE("Rows of a shape that nobody asked for read as nothing, and end no process") {
  RowsBuilder builder(3);
  builder.set(0, 0, "\x01\x02\x03");
  builder.set(0, 1, "");
  builder.set(0, 2, std::nullopt);
  const auto rows = builder.take();
  for (const int column : {0, 1, 2, 3, 99}) {
    INFO("column " << column);
    CHECK(rows.int8(0, column) == 0);
    CHECK(rows.boolean(0, column) == (column == 0));
    CHECK(rows.text(0, column).size() == (column == 0 ? 3U : 0U));
  }
  CHECK(rows.int8(7, 0) == 0);
  CHECK_FALSE(rows.boolean(7, 0));
  CHECK(rows.cell(7, 0) == std::nullopt);
}
