#include "report/text_table.hpp"

#include <catch2/catch.hpp>

using troupe::report::TextTable;

TEST_CASE("a name with line ends or escape codes leaves the table in shape", "[report][table]") {
  TextTable table(1, {"Name", "# reqs"});
  table.add({"get\nall\x1b[2J", "12"});
  table.add({"µ", "3"});
  CHECK(table.str() ==
        "Name             # reqs\n"
        "get\\nall\\x1b[2J      12\n"
        "µ                     3\n");
}
