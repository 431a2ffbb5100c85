#include "support/toml_text.hpp"

#include <toml++/toml.h>

#include <catch2/catch.hpp>
#include <string>

using namespace troupe;

TEST_CASE("whatever a text holds, TOML reads it back from its quotes, as a value and as a key") {
  const auto text = GENERATE(as<std::string>{}, "", "plain", "with \"quotes\"", "it's", "it's \"both\"",
                             "a\\b", "line\nend\r\n", "\t\x01\x1f\x7f", "'''", "\"\"\"", "ä€😀", "] = [",
                             "# no comment", std::string("nul\0l", 5));
  CAPTURE(text);
  const auto written =
      toml_key(text) + " = " + toml_text(text) + "  # " + toml_comment(text) + "\nnext = 1\n";
  const auto table = toml::parse(written);
  REQUIRE(table.size() == 2);
  CHECK(table[text].value<std::string>() == text);
  CHECK(table["next"].value<int>() == 1);
}

TEST_CASE("quotes are chosen so that a text needs no escapes where that can be, and keys are bare") {
  CHECK(toml_text("a") == "\"a\"");
  CHECK(toml_text(R"({"a": "\n"})") == R"('{"a": "\n"}')");
  CHECK(toml_text("a\n\"") == R"("a\u000a\"")");
  CHECK(toml_key("a-b_1") == "a-b_1");
  CHECK(toml_key("a.b") == "\"a.b\"");
  CHECK(toml_comment("a\nb\tc") == "a b c");
}
