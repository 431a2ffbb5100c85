#include "report/text_table.hpp"

#include <algorithm>
#include <string_view>

namespace troupe::report {
namespace {

std::size_t width_of(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string TextTable::str() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string out;
  for (const auto& row : rows_) out += line(row, widths);
  return out;
}

std::string TextTable::line(const std::vector<std::string>& row,
                            const std::vector<std::size_t>& widths) const {
  std::string out;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (i > 0) out += "  ";
    if (row.empty()) {
      out.append(widths[i], '-');
      continue;
    }
    const std::string blanks(widths[i] - width_of(row[i]), ' ');
    out += i < text_columns_ ? row[i] + blanks : blanks + row[i];
  }
  while (out.ends_with(' ')) out.pop_back();
  return out + "\n";
}

}  // namespace troupe::report
