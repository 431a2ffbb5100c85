#include "report/text_table.hpp"

#include <algorithm>
#include <utility>

#include "support/text_width.hpp"

namespace troupe::report {
void TextTable::add(std::vector<std::string> cells) {
  for (auto& cell : cells) cell = one_line(cell);
  rows_.push_back(std::move(cells));
}

std::string TextTable::str() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], text_width(row[i]));
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
    const std::string blanks(widths[i] - text_width(row[i]), ' ');
    out += i < text_columns_ ? row[i] + blanks : blanks + row[i];
  }
  while (out.ends_with(' ')) out.pop_back();
  return out + "\n";
}

}  // namespace troupe::report
