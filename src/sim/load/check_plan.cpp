#include "sim/load/check_plan.hpp"

#include <algorithm>
#include <numeric>

#include "sim/load/unmeasured_plan.hpp"

namespace troupe::sim {
namespace {

void add_once(std::vector<std::uint16_t>& to, const std::vector<std::uint16_t>& from) {
  for (const auto task : from) {
    if (std::ranges::find(to, task) == to.end()) to.push_back(task);
  }
}

/// All that the users of a class do, as the steps of one pass.
UserClass one_pass(const UserClass& users) {
  UserClass pass;
  pass.name = users.name;
  pass.data = users.data;
  pass.mode = users.mode;
  for (const auto* tasks : {&users.start, &users.tasks_by_weight, &users.steps, &users.stop})
    add_once(pass.steps, *tasks);
  pass.iterations = 1;
  return pass;
}

/// The tasks of a scenario without classes.
UserClass all_tasks(const Scenario& scenario) {
  UserClass users;
  users.data = scenario.data;
  users.mode = DataMode::each_request;
  users.steps.resize(scenario.tasks.size());
  std::iota(users.steps.begin(), users.steps.end(), std::uint16_t{0});
  return users;
}

}  // namespace

std::vector<std::shared_ptr<const Plan>> check_plans(const Plan& plan) {
  auto classes = plan.scenario->classes;
  if (classes.empty()) classes.push_back(all_tasks(*plan.scenario));
  std::vector<std::shared_ptr<const Plan>> plans;
  for (const auto& users : classes) {
    auto scenario = std::make_shared<Scenario>(*plan.scenario);
    scenario->cycle.reset();
    scenario->total_iterations.reset();
    scenario->classes = {one_pass(users)};
    scenario->places = place_users(scenario->classes);
    scenario->tasks_by_weight = scenario->classes.front().steps;
    plans.push_back(one_user_plan(plan, std::move(scenario)));
  }
  return plans;
}

}  // namespace troupe::sim
