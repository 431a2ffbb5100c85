#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "support/distributions.hpp"

namespace troupe::sim {

/// Whole numbers from `low` to `high`, both included, all alike.
struct UniformWhole {
  std::int64_t low = 0, high = 0;
};
/// Numbers from `low` up to `high`, all alike.
struct UniformReal {
  double low = 0, high = 0;
};
/// Whole numbers from `low` to `high`, both included: the lower the more popular.
struct ZipfianWhole {
  std::int64_t low = 0, high = 0;
  double theta = 0.99;
};
/// Values that a column has when the run begins. Uniform: each as often as it is there; zipfian: each value
/// once, the first ones the most popular.
struct ColumnValues {
  std::string table;  ///< a resource's name, or a table's
  std::string column;
  KeyChoice choice{KeyChoice::Kind::uniform};
};
/// One of these, all alike.
struct ListedValues {
  std::vector<std::string> values;
};
/// A column of the scenario's data, of the same row as the task's placeholders.
struct DataColumn {
  std::size_t index = 0;
};

/// Where a parameter's values come from.
using ParameterSource =
    std::variant<UniformWhole, UniformReal, ZipfianWhole, ColumnValues, ListedValues, DataColumn>;

/// A named value of a task, made anew for each request.
struct Parameter {
  std::string name;
  ParameterSource source;
};

}  // namespace troupe::sim
