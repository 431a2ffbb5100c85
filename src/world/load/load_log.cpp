#include "world/load/load_log.hpp"

#include <utility>

namespace troupe::world {

std::uint64_t LoadLog::ask(Asked asked) {
  asked.number = exchanges_.size() + 1;
  exchanges_.push_back({std::move(asked), {}});
  if (on_event) on_event(exchanges_.back());
  return exchanges_.size();
}

void LoadLog::answer(std::uint64_t number, Answered answered) {
  auto& exchange = exchanges_[number - 1];
  exchange.answered = std::move(answered);
  if (on_event) on_event(exchange);
}

}  // namespace troupe::world
