#include "http/api/pages/rows_table.hpp"

#include <algorithm>

#include "http/api/pages/html.hpp"
#include "http/api/pages/value_html.hpp"
#include "http/api/row_key.hpp"

namespace troupe::http {
namespace {

/// The style sheet sets so many columns to the right, by their places: a class of the table costs nothing per
/// row.
constexpr std::size_t aligned_columns = 40;

void append_head(std::span<const TableColumn> columns, std::string& out) {
  out += "<div class=scroll><table class=\"rows";
  for (std::size_t i = 0; i < std::min(columns.size(), aligned_columns); ++i) {
    if (columns[i].column != nullptr && is_number(*columns[i].column)) out += " n" + std::to_string(i + 1);
  }
  out += "\"><thead><tr>";
  for (const auto& column : columns) out.append("<th scope=col>").append(column.head);
  out += "</thead><tbody>\n";
}

/// Appends the values behind a link's path.
bool append_segments(const RowLink& link, int row, const CellOf& cell, std::string& out) {
  for (const auto& segment : link.segments) {
    if (out.back() != '/') out += '/';
    const auto before = out.size();
    append_segment(*segment.column, cell(row, segment.cell), out);
    if (out.size() == before) return false;  // null, or a text that is empty: no row has such a path
  }
  return true;
}

/// A column, and what is the same in all of its cells, in one piece.
struct CellWriter {
  const TableColumn& column;
  std::string begin_link{};

  explicit CellWriter(const TableColumn& shown) : column(shown) {
    if (column.link) begin_link = "<td><a href=\"" + html_of(column.link->path);
  }

  void write(int row, const CellOf& cell, std::string& out) const {
    const auto begin = out.size();
    bool linked = false;
    if (column.link) {
      out += begin_link;
      linked = append_segments(*column.link, row, cell, out);
      if (!linked) out.resize(begin);
    }
    out += linked ? "\">" : "<td>";
    if (column.column != nullptr)
      append_short_value(*column.column, cell(row, column.cell), out);
    else if (linked)
      out += "open";
    if (linked) out += "</a>";
  }
};

}  // namespace

bool append_path(const RowLink& link, int row, const CellOf& cell, std::string& out) {
  const auto begin = out.size();
  out += link.path;
  if (append_segments(link, row, cell, out)) return true;
  out.resize(begin);
  return false;
}

void append_table(std::span<const TableColumn> columns, int rows, const CellOf& cell, std::string& out) {
  append_head(columns, out);
  const std::vector<CellWriter> writers(columns.begin(), columns.end());
  const auto first = out.size();
  for (int row = 0; row < rows; ++row) {
    out += "<tr>";
    for (const auto& writer : writers) writer.write(row, cell, out);
    out += '\n';
    // The others are about as long as the first.
    constexpr std::size_t most = std::size_t{128} << 10;
    if (row == 0)
      out.reserve(out.size() + std::min(most, (out.size() - first) * 9 / 8 * static_cast<std::size_t>(rows)));
  }
  out += "</table></div>\n";
}

}  // namespace troupe::http
