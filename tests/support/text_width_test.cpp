#include "support/text_width.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace troupe;

TEST_CASE("a text is as wide as it has characters, not bytes", "[text]") {
  CHECK(text_width("") == 0);
  CHECK(text_width("p50 812 µs") == 10);
}

TEST_CASE("control characters become visible and leave a text on one line", "[text]") {
  CHECK(one_line("plain, µs …") == "plain, µs …");
  CHECK(one_line("a\nb\tc\rd") == "a\\nb\\tc\\rd");
  CHECK(one_line(std::string_view("\x1b[2J\0\x7f", 6)) == "\\x1b[2J\\x00\\x7f");
}

TEST_CASE("a text is cut to whole characters and says so", "[text]") {
  const auto [columns, cut] = GENERATE(
      table<std::size_t, std::string>({{0, ""}, {1, "…"}, {2, "µ…"}, {3, "µs…"}, {4, "µs 1"}, {80, "µs 1"}}));
  CHECK(cut_to_width("µs 1", columns) == cut);
}
