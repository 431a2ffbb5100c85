#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/material/row_source.hpp"
#include "sim/scenario/parameter.hpp"
#include "support/random.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// Makes the text of a parameter for one request, of the row of data that the request has (null without
/// data). Callable from any thread.
using ParameterMaker = std::function<void(Rng&, const std::vector<std::string>* data, std::string&)>;

/// `column_values`: of a parameter that takes values of a column, those that there are; else unused. At least
/// one.
ParameterMaker parameter_maker(const ParameterSource& source, const TextRows& column_values);

}  // namespace troupe::sim
