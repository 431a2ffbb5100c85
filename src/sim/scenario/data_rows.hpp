#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.hpp"

namespace troupe::sim {

/// Rows of data that tasks send, from a CSV file (RFC 4180, header line first, UTF-8). Never changes after it
/// was read.
struct DataRows {
  std::vector<std::string> columns;            ///< names, all different: letters, digits and _
  std::vector<std::vector<std::string>> rows;  ///< at least one, each as long as `columns`
  std::string file = {};                       ///< where they were read from

  std::optional<std::size_t> column(std::string_view name) const;
};

/// Reads CSV text; `name` stands in front of error messages, followed by the line number.
Result<DataRows> parse_data_rows(std::string_view csv, std::string_view name);

}  // namespace troupe::sim
