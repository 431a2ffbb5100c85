#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/material/material.hpp"
#include "sim/rows/row_key.hpp"
#include "sim/rows/row_values.hpp"

namespace troupe::sim {

/// One request, made up and ready to go. What it points to lives until it is on its way.
struct Call {
  const Task* task = nullptr;
  const TaskMaterial* material = nullptr;         ///< the task's
  const TableMaterial* table = nullptr;           ///< null: it is about no rows
  RowKey key{};                                   ///< of the row it is about
  const std::vector<std::string>* row = nullptr;  ///< of the scenario's data, for the task's templates
  std::span<const std::string> parameters{};      ///< the task's, in its order
  bool wants_fields = false;                      ///< of the answer's head: see HttpResponse
  bool wants_body = false;                        ///< of the answer
  const RowValues* values = nullptr;              ///< what create and update send; null: the task's own body
};

/// Appends the path of the call's HTTP request.
void render_path(const Call& call, std::string& out);
/// Appends its body, as JSON; nothing where it has none.
void render_body(const Call& call, std::string& out);

}  // namespace troupe::sim
