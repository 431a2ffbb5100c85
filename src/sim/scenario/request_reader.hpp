#pragma once

#include <string>
#include <vector>

#include "sim/scenario/request_head.hpp"
#include "sim/scenario/task.hpp"
#include "support/toml_reader.hpp"

// The parts of a task's HTTP request: head, query and body. All throw ScenarioFault, told through `reader`,
// which reads the task or the top of the file.

namespace troupe::sim {

/// What `headers` and `auth` say.
std::vector<FieldText> read_fields(const TomlReader& reader);
/// Why a field cannot be sent; empty when it can. For flags, too.
std::string fault_of_field(const FieldText& field);
/// `own` laid over `for_all`, by names that are the same in any case.
std::vector<FieldText> merge_fields(std::vector<FieldText> for_all, const std::vector<FieldText>& own);

/// What fills the texts of one task.
struct RequestTexts {
  const TomlReader& reader;
  const TemplateNames& names;
  const std::vector<FieldText>& fields;  ///< of the head: the task's and those for all
};

/// Adds the head of `fields` to the task.
void add_head(const RequestTexts& texts, Task& task);
/// Reads `query` and goes on with the task's path.
void add_query(const RequestTexts& texts, Task& task);
/// Reads `body`, `json` or `form`, of which a task has one at most. The head comes after it: a form has a
/// field of its own.
void add_body(const RequestTexts& texts, Task& task);

}  // namespace troupe::sim
