#pragma once

#include "schema/query/query.hpp"
#include "sim/material/material.hpp"

namespace troupe::sim {

/// Fills in how a task calls a query: `made` has the query and the parameters' makers. Error: one line that
/// names a parameter that is missing, or none of the query's, or whose values do not fit.
Result<void> complete_call(const Task& task, TaskMaterial& made);

/// The elements of a call with these values, or nothing where one does not fit its type or rules.
std::optional<std::string> call_elements(const TaskMaterial& material, std::span<const std::string> values);

}  // namespace troupe::sim
