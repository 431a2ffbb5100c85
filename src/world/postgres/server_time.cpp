#include "world/postgres/server_time.hpp"

#include <algorithm>
#include <utility>

namespace troupe::world {

ServerTime::ServerTime(EventQueue& events, std::uint64_t seed)
    : events_(events), chance_(seed, RandomStream::world_database) {}

void ServerTime::later(Duration time, std::function<void()> what) {
  auto shared = std::make_shared<const std::function<void()>>(std::move(what));
  events_.after(time, [&events = events_, processes = processes_, epoch = processes_->epoch,
                       shared = std::move(shared)] { run(events, processes, epoch, shared); });
}

void ServerTime::run(EventQueue& events, const std::shared_ptr<const Processes>& processes,
                     std::uint64_t epoch, const What& what) {
  if (processes->epoch != epoch) return;
  if (events.now() >= processes->silent_until) return (*what)();
  events.at(processes->silent_until,
            [&events, processes, epoch, what] { run(events, processes, epoch, what); });
}

void ServerTime::silence(Duration time) {
  processes_->silent_until = std::max(processes_->silent_until, now() + time);
}

void ServerTime::hold_answers(Duration time) {
  answers_from_ = std::max(answers_from_, now() + time);
}

}  // namespace troupe::world
