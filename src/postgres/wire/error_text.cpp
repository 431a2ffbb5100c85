#include "postgres/wire/error_text.hpp"

namespace troupe::postgres {

std::string one_line(std::string_view text) {
  std::string line;
  bool gap = false;
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == '\t' || c == ' ') {
      gap = true;
      continue;
    }
    if (gap && !line.empty()) line += ' ';
    gap = false;
    line += c;
  }
  while (!line.empty() && line.back() == '.') line.pop_back();
  return line;
}

}  // namespace troupe::postgres
