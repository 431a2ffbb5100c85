#include "report/status_line.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <string>

#include "support/text_width.hpp"

using namespace troupe;
using report::StatusLine;

namespace {

std::string shown(StatusLine::Mode mode, std::size_t columns, std::string_view first,
                  std::string_view second) {
  std::ostringstream out;
  StatusLine line(out, mode, [=] { return columns; });
  line.show(first);
  line.show(second);
  line.close();
  return out.str();
}

}  // namespace

TEST_CASE("a terminal sees one line written over, a pipe plain lines, quiet nothing", "[report][live]") {
  CHECK(shown(StatusLine::Mode::quiet, 80, "one", "two").empty());
  CHECK(shown(StatusLine::Mode::lines, 80, "one", "two") == "one\ntwo\n");
  CHECK(shown(StatusLine::Mode::rewrite, 80, "one", "two") == "\rone\x1b[K\rtwo\x1b[K\n");
}

TEST_CASE("a line is cut below the width of the terminal, so that it never wraps", "[report][live]") {
  const std::string text(200, 'x');
  const auto columns = GENERATE(std::size_t{0}, 1u, 2u, 40u, 80u, 201u);
  const auto bytes = shown(StatusLine::Mode::rewrite, columns, text, "");
  const auto first = bytes.substr(1, bytes.find('\x1b') - 1);
  CHECK(text_width(first) == (columns == 0 ? 0 : std::min<std::size_t>(columns - 1, 200)));
}

TEST_CASE("a pipe gets the whole line, whatever the width", "[report][live]") {
  const std::string text(200, 'x');
  CHECK(shown(StatusLine::Mode::lines, 40, text, "").starts_with(text + "\n"));
}

TEST_CASE("a name with a line end stays on the line", "[report][live]") {
  CHECK(shown(StatusLine::Mode::rewrite, 80, "a\nb", "") == "\ra\\nb\x1b[K\r\x1b[K\n");
}

TEST_CASE("a terminal of unknown size is as wide as COLUMNS says, else 80 columns", "[report][live]") {
  const char* before = std::getenv("COLUMNS");
  const std::optional<std::string> kept =
      before != nullptr ? std::optional(std::string(before)) : std::nullopt;
  ::unsetenv("COLUMNS");
  CHECK(report::terminal_width(-1) == 80);
  ::setenv("COLUMNS", "132", 1);
  CHECK(report::terminal_width(-1) == 132);
  ::setenv("COLUMNS", "wide", 1);
  CHECK(report::terminal_width(-1) == 80);
  kept ? ::setenv("COLUMNS", kept->c_str(), 1) : ::unsetenv("COLUMNS");
}
