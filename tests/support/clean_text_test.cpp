#include "support/clean_text.hpp"

#include <catch2/catch.hpp>
#include <string>

using troupe::clean_text;

TEST_CASE("a stranger's text is valid UTF-8 without orders for a terminal") {
  const auto [text, clean] = GENERATE(table<std::string, std::string>({
      {"a\tb\nc ä 灯 💡", "a\tb\nc ä 灯 💡"},
      {"a\r\nb", "a\nb"},
      {"\x1b[31m\a\x7f", "?[31m??"},
      {"\xc2\x9b", "?"},         // CSI, of C1
      {"\xc2\xa0", "\xc2\xa0"},  // the first that is none
      {"\xff\xfe\xc3", "???"},
      {"\xc0\xaf", "??"},       // longer than need be
      {"\xed\xa0\x80", "???"},  // a surrogate
      {std::string("a\0b", 3), "a?b"},
  }));
  CHECK(clean_text(text) == clean);
}

TEST_CASE("in a log a stranger's text stays one line") {
  CHECK(troupe::clean_line("a\r\nforged\tline\x1b[2J\n") == "a\\nforged\\tline?[2J\\n");
}
