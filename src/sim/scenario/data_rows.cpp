#include "sim/scenario/data_rows.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <set>

#include "sim/scenario/text_template.hpp"

namespace troupe::sim {
namespace {

struct CsvRow {
  std::size_t line = 0;
  std::vector<std::string> fields;
};

/// Splits CSV text into rows, one call at a time.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : rest_(text) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);  // spreadsheets write a byte order mark
  }

  bool at_end() const { return rest_.empty(); }

  /// The next row, or why there is none.
  Result<CsvRow> next() {
    CsvRow row{line_, {}};
    for (;;) {
      auto field = rest_.starts_with('"') ? quoted() : plain();
      if (!field) return field.error();
      row.fields.push_back(std::move(*field));
      if (rest_.starts_with(',')) {
        rest_.remove_prefix(1);
        continue;
      }
      if (rest_.starts_with('\r')) rest_.remove_prefix(1);
      if (rest_.starts_with('\n')) rest_.remove_prefix(1);
      ++line_;
      return row;
    }
  }

 private:
  Result<std::string> plain() {
    const auto end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
    std::string field(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return field;
  }

  Result<std::string> quoted() {
    const auto start = line_;
    std::string field;
    for (rest_.remove_prefix(1); !rest_.empty(); rest_.remove_prefix(1)) {
      if (rest_[0] == '\n') ++line_;
      if (rest_[0] == '"') {
        rest_.remove_prefix(1);
        if (!rest_.starts_with('"')) {
          if (rest_.empty() || std::string_view(",\r\n").find(rest_[0]) != std::string_view::npos)
            return field;
          return Error{ErrorCode::invalid_argument, fmt::format("{}: text after a closing quote", line_)};
        }
      }
      field += rest_[0];
    }
    return Error{ErrorCode::invalid_argument,
                 fmt::format("{}: the quote that opens here is never closed", start)};
  }

  std::string_view rest_;
  std::size_t line_ = 1;
};

std::string fault_of_header(const std::vector<std::string>& columns) {
  std::set<std::string_view> seen;
  for (const auto& column : columns) {
    if (!is_placeholder_name(column)) {
      return fmt::format("column name '{}' must be letters, digits and _, not starting with a digit", column);
    }
    if (column == "id") return "a column must not be named 'id': it stands for the item's own";
    if (!seen.insert(column).second) return fmt::format("column '{}' appears twice", column);
  }
  return {};
}

}  // namespace

std::optional<std::size_t> DataRows::column(std::string_view name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

Result<DataRows> parse_data_rows(std::string_view csv, std::string_view name) {
  const auto fault = [&](std::size_t line, std::string_view message) {
    return Error{ErrorCode::invalid_argument, fmt::format("{}:{}: {}", name, line, message)};
  };
  DataRows data;
  for (CsvReader reader(csv); !reader.at_end();) {
    auto row = reader.next();
    if (!row) return Error{ErrorCode::invalid_argument, fmt::format("{}:{}", name, row.error().message)};
    if (row->fields.size() == 1 && row->fields[0].empty()) continue;  // an empty line
    if (data.columns.empty()) {
      if (const auto why = fault_of_header(row->fields); !why.empty()) return fault(row->line, why);
      data.columns = std::move(row->fields);
    } else if (row->fields.size() != data.columns.size()) {
      return fault(row->line,
                   fmt::format("has {} fields, the header has {}", row->fields.size(), data.columns.size()));
    } else {
      data.rows.push_back(std::move(row->fields));
    }
  }
  if (data.rows.empty()) return fault(1, "has no data rows below a header line");
  return data;
}

}  // namespace troupe::sim
