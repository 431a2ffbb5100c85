#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace troupe::report {

/// A table for a terminal: columns as wide as their widest cell (in characters of UTF-8), the first ones
/// texts (left), the others numbers (right).
class TextTable {
 public:
  TextTable(std::size_t text_columns, std::vector<std::string> header) : text_columns_(text_columns) {
    add(std::move(header));
  }
  /// A row. Control characters are shown as codes: a name of a user's cannot break the table.
  void add(std::vector<std::string> cells);
  void add_line() { rows_.emplace_back(); }

  std::string str() const;

 private:
  std::string line(const std::vector<std::string>& row, const std::vector<std::size_t>& widths) const;

  std::size_t text_columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace troupe::report
