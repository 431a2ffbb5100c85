#pragma once

#include <string>

#include "sim/scenario/task.hpp"
#include "sim/transport/link.hpp"

namespace troupe::sim {

/// What the task's checks on status and text make of an answer; those on fields and values of it are
/// AnswerValues::fault_of.
CallOutcome judge(const Task& task, const Answer& answer);
/// Why the outcome is not ok, for people; empty where it is, or says all itself.
std::string describe(CallOutcome outcome, const Answer& answer);

}  // namespace troupe::sim
