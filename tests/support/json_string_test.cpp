#include <string>
#include <tuple>

#include <catch2/catch.hpp>

#include "support/json_string.hpp"

using namespace troupe;
using namespace std::string_literals;

TEST_CASE("a JSON string escapes exactly what RFC 8259 section 7 demands") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"", R"("")"},
      {"plain", R"("plain")"},
      {"say \"hi\"", R"("say \"hi\"")"},
      {"back\\slash / slash", R"("back\\slash / slash")"},
      {"\b\f\n\r\t", R"("\b\f\n\r\t")"},
      {"\x01\x0B\x1F\x7F", "\"\\u0001\\u000b\\u001f\x7F\""},
      {"nul\0 inside"s, R"("nul\u0000 inside")"},
      {"ä€😀", "\"ä€😀\""},
      {"long enough for blocks, then \n and more than a block behind it",
       R"("long enough for blocks, then \n and more than a block behind it")"},
  }));
  std::string out = "before ";
  append_json_string(text, out);
  CHECK(out == "before " + expected);
}

TEST_CASE("every byte that needs an escape is found at every place of a block") {
  const auto place = GENERATE(range(0, 17));
  for (int byte = 0; byte < 0x80; ++byte) {
    std::string text(17, 'x');
    text[static_cast<std::size_t>(place)] = static_cast<char>(byte);
    std::string out;
    append_json_string(text, out);
    const bool escaped = byte < 0x20 || byte == '"' || byte == '\\';
    CAPTURE(place, byte);
    CHECK((out.size() > text.size() + 2) == escaped);
  }
}
