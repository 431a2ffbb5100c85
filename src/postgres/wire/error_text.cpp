#include "postgres/wire/error_text.hpp"

namespace troupe::postgres {

std::string one_line(std::string_view text) {
  std::string line;
  bool gap = false, explains = false;
  char before = ' ';
  for (const char c : text) {
    explains =
        (explains && gap) || (before == '\n' && c == '\t');  // an indented line is about the one above it
    before = c;
    if (c == '\n' || c == '\r' || c == '\t' || c == ' ') {
      gap = true;
      continue;
    }
    if (gap && !line.empty()) line += explains ? ": " : " ";
    gap = explains = false;
    line += c;
  }
  while (!line.empty() && line.back() == '.') line.pop_back();
  return line;
}

}  // namespace troupe::postgres
