#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "schema/column.hpp"
#include "schema/row_writer.hpp"

namespace troupe::http {

/// The value of a row's cell; valid as long as the rows.
using CellOf = std::function<schema::Cell(int row, std::size_t cell)>;

/// Where values of a row lead: to the row that they name.
struct RowLink {
  /// A segment of the path: the value of a cell. The column must outlive it.
  struct Segment {
    const schema::Column* column = nullptr;
    std::size_t cell = 0;
  };
  std::string path;  ///< "/customers/"
  std::vector<Segment> segments{};
};

/// A column of a table on a page.
struct TableColumn {
  const schema::Column* column = nullptr;  ///< must outlive it; null: only the link, as a word
  std::size_t cell = 0;
  std::string head{};  ///< what stands in its head, in HTML
  std::optional<RowLink> link{};
};

/// Appends a link's path; nothing is appended, and false returned, where the row has no values for it.
bool append_path(const RowLink& link, int row, const CellOf& cell, std::string& out);

/// Appends a table, row by row straight from what PostgreSQL sent: of a list, or of any query whose columns
/// are known. Pure; from any thread.
void append_table(std::span<const TableColumn> columns, int rows, const CellOf& cell, std::string& out);

}  // namespace troupe::http
