#include "sim/load/unmeasured_plan.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "support/random.hpp"

namespace troupe::sim {
namespace {

constexpr std::size_t items_concurrency = 64;
// Every request ends by its timeout, and they are few: they end long before.
constexpr auto longest_pass = std::chrono::hours(24);
// Numbers that no user of a load has: whose random numbers are unrelated to all of theirs.
constexpr auto setup_number = std::numeric_limits<std::uint64_t>::max();
constexpr auto teardown_number = setup_number - 1;

}  // namespace

std::shared_ptr<const Plan> items_plan(const Plan& plan, std::size_t items) {
  auto scenario = std::make_shared<Scenario>();
  const auto& original = *plan.scenario;
  scenario->name = original.name;
  scenario->data = original.data;
  scenario->cycle = CrudCycle{{Operation::create}, items, std::min<std::size_t>(items_concurrency, items)};
  scenario->tasks.push_back(original.create);
  auto made = std::make_shared<Plan>();
  made->scenario = std::move(scenario);
  made->model = LoadModel::cycle;
  made->most_users = made->scenario->cycle->concurrency;
  made->seed = plan.seed;
  made->timeout = plan.timeout;
  return made;
}

std::shared_ptr<const Plan> one_user_plan(const Plan& plan, std::shared_ptr<const Scenario> scenario) {
  auto made = std::make_shared<Plan>();
  made->scenario = std::move(scenario);
  made->profile = Profile::constant(1, longest_pass);
  made->stages = {{{}, 1}, {longest_pass, 1}};
  made->most_users = 1;
  made->seed = plan.seed;
  made->timeout = plan.timeout;
  return made;
}

std::shared_ptr<const Plan> steps_plan(const Plan& plan, std::shared_ptr<const Scenario> steps) {
  const bool is_setup = steps == plan.scenario->setup;
  auto made = std::make_shared<Plan>(*one_user_plan(plan, std::move(steps)));
  made->seed = Rng(plan.seed, RandomStream::user_data, is_setup ? setup_number : teardown_number)();
  return made;
}

}  // namespace troupe::sim
