#pragma once

#include <functional>
#include <optional>
#include <string>

#include "sim/rows/value_maker.hpp"

namespace troupe::sim {

/// Makes the digits of numbers for an integer, real or numeric column: within its type, precision and bounds;
/// without bounds from 1 to 100. Error: one line why there are none.
Result<std::function<void(const Making&, std::string&)>> number_maker(
    const schema::Column& column, const std::optional<UniqueStart>& unique);

}  // namespace troupe::sim
