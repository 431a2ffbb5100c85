#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "postgres/database.hpp"
#include "schema/list_query.hpp"
#include "sim/material/parameter_maker.hpp"
#include "sim/material/row_source.hpp"
#include "sim/rows/row_key.hpp"
#include "sim/rows/row_maker.hpp"
#include "sim/scenario/scenario.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// A table that tasks are about.
struct TableMaterial {
  postgres::SharedResource resource;
  std::shared_ptr<const schema::ListQuery> first_page;
  std::vector<RowKey> keys;                ///< of rows that exist when the run begins
  std::optional<std::size_t> create_task;  ///< what a user does instead when it knows of no row
  std::shared_ptr<RowSerial> serial = std::make_shared<RowSerial>(0);
};

/// What a task needs beside what the scenario says of it.
struct TaskMaterial {
  std::size_t table = 0;                   ///< among the material's
  TextTemplate path;                       ///< of its HTTP request
  RowMaker rows;                           ///< of a task that sends a row and has no body of its own
  std::vector<ParameterMaker> parameters;  ///< in the task's order
  std::string method;                      ///< of its HTTP request
  postgres::SharedQuery query{};           ///< that it calls; null: none
  /// For each of the query's parameters which of the task's it is; none: its default.
  std::vector<std::optional<std::size_t>> arguments{};
  TextTemplate body;  ///< of its HTTP request, where that has no row's values
};

/// What tasks work with: the tables that they are about, as the database has them. Made before a run; all
/// users of all workers share it, and it outlives the run.
struct Material {
  std::vector<TableMaterial> tables;  ///< at least one, unless no task is about rows
  std::vector<TaskMaterial> tasks;    ///< as many as the scenario has
  TaskMaterial create;                ///< of Scenario::create; only where the items API is among the tables
  std::optional<std::size_t> items;   ///< the items API among the tables

  /// A query of the resource file that a task calls and that may write; empty: there is none.
  std::string query_that_writes() const;
  /// The same tables for a scenario whose only task is Scenario::create.
  Material for_existing_items() const;
};

/// Material for a scenario's tasks on what is served. `rows` may be null where nothing must be known of
/// existing rows (Scenario::why_database is empty). Blocks. Errors: one line that names the task and what
/// does not fit (invalid_argument), or what the database said.
Result<std::shared_ptr<const Material>> make_material(const Scenario& scenario,
                                                      const postgres::Served& served, RowSource* rows,
                                                      std::uint64_t seed);

/// The same for a scenario that needs no more than the items API (Scenario::why_database is empty): an
/// outside server's, or a stand-in's.
std::shared_ptr<const Material> items_material(const Scenario& scenario);

/// The same for the steps of a setup or teardown, which are about no rows.
std::shared_ptr<const Material> steps_material(const Scenario& steps);

}  // namespace troupe::sim
