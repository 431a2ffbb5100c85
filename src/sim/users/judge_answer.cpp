#include "sim/users/judge_answer.hpp"

#include "sim/transport/answer_values.hpp"

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
  if (outcome != CallOutcome::check) return {};
  const std::string fault = "the body lacks what body_contains demands";
  return answer.body_is_cut ? fault + ": " + only_front_is_kept() : fault;
}

}  // namespace troupe::sim
