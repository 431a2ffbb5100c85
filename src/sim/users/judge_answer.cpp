#include "sim/users/judge_answer.hpp"

namespace troupe::sim {

CallOutcome judge(const Task& task, const Answer& answer) {
  if (answer.outcome != CallOutcome::ok) return answer.outcome;
  if (!task.checks.status_ok(answer.status)) return CallOutcome::status;
  return answer.body_matches ? CallOutcome::ok : CallOutcome::check;
}

std::string describe(CallOutcome outcome, const Answer& answer) {
  if (outcome == CallOutcome::ok) return {};
  if (!answer.message.empty()) return std::string(answer.message);
  if (outcome == CallOutcome::status) return std::to_string(answer.status);
  return outcome == CallOutcome::check ? "the body lacks what body_contains demands" : "";
}

}  // namespace troupe::sim
