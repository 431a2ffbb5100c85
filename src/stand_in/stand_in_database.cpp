#include "stand_in/stand_in_database.hpp"

#include <caf/actor_cast.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/send.hpp>
#include <utility>

#include "postgres/wire/rows_builder.hpp"
#include "stand_in/stand_in_rows.hpp"

namespace troupe::stand_in {
namespace {

using namespace actors;

}  // namespace

StandInDatabase::StandInDatabase(caf::actor_config& config, Worker& home, bool home_runs_actors, Place place)
    : PinnedActor(config, home, home_runs_actors),
      place_(std::move(place)),
      next_id_(static_cast<std::int64_t>(place_.index) + 1) {}

caf::behavior StandInDatabase::make_behavior() {
  if (place_.station) {
    serve(place_.station->join(caf::actor_cast<caf::actor>(this)));
  } else if (place_.stall) {
    call_at(place_.stall->end(), stall_token);
  }
  return {
      [this](Command& command) { on_command(std::move(command)); },
      [this](ServeNext) { serve(place_.station->next(caf::actor_cast<caf::actor>(this))); },
      [this](const TimerTick& tick) { on_timer(tick.token); },
      [this](Stop) { stop(); },
  };
}

void StandInDatabase::call_at(TimePoint when, Token token) {
  home().timers().call_at(when, caf::actor_cast<caf::actor>(this), token);
}

void StandInDatabase::on_command(Command command) {
  StandInJob job{std::move(command), current_sender(), now(), place_.stats};
  if (place_.station) {
    const auto self = caf::actor_cast<caf::actor>(this);
    const auto called = place_.station->add(std::move(job), self);
    if (called == self) {
      serve(place_.station->next(self));
    } else if (called) {
      caf::anon_send(called, ServeNext{});
    }
  } else if (place_.stall && place_.stall->covers(job.received)) {
    stalled_.push_back(std::move(job));
  } else {
    answer(job, job.received, job.received);
  }
}

void StandInDatabase::on_timer(std::uint64_t token) {
  const auto time = now();
  if (token == stall_token) {
    for (auto& job : std::exchange(stalled_, {})) answer(job, time, time);
  } else if (serving_) {
    answer(*serving_, serving_since_, time);
    serve(place_.station->next(caf::actor_cast<caf::actor>(this)));
  }
}

void StandInDatabase::serve(std::optional<StandInJob> job) {
  serving_ = std::move(job);
  if (!serving_) return;
  serving_since_ = now();
  call_at(service_end(serving_since_), service_token);
}

TimePoint StandInDatabase::service_end(TimePoint begin) {
  const auto end = begin + place_.service.sample(place_.rng);
  return place_.stall && place_.stall->covers(end) ? place_.stall->end() : end;
}

void StandInDatabase::stop() {
  place_.stats->ready = false;
  std::deque<StandInJob> left;
  if (place_.station) left = place_.station->leave(caf::actor_cast<caf::actor>(this));
  if (serving_) left.push_back(*std::exchange(serving_, std::nullopt));
  for (auto& job : std::exchange(stalled_, {})) left.push_back(std::move(job));
  for (auto& job : left) reply(job, Failure{Failure::Kind::database_away}, {}, {});
  quit();
}

void StandInDatabase::answer(StandInJob& job, TimePoint begin, TimePoint end) {
  const auto& command = job.command;
  Outcome outcome = Done{};
  if (command.kind == CommandKind::list) {
    outcome = std::make_shared<const ListAnswer>(command.resource, command.query, postgres::ListStatement{},
                                                 postgres::RowsBuilder(0).take());
  } else if (command.kind != CommandKind::remove && command.kind != CommandKind::ping) {
    outcome = rows_.answer(command, next_id_);
    const auto taken = static_cast<std::int64_t>(command.rows * place_.members);
    if (command.kind == CommandKind::create) next_id_ += taken;
  }
  reply(job, std::move(outcome), begin, end);
}

void StandInDatabase::reply(StandInJob& job, Outcome outcome, TimePoint begin, TimePoint end) {
  const auto& head = job.command.head;
  if (job.command.kind == CommandKind::list) job.stats->lists.fetch_sub(1, std::memory_order_relaxed);
  job.stats->outstanding.fetch_sub(1, std::memory_order_relaxed);
  Reply reply{head.ticket, std::move(outcome), {head.submitted, job.received, begin, end}};
  job.sender->enqueue(caf::make_mailbox_element(caf::strong_actor_ptr{ctrl()}, caf::make_message_id(),
                                                caf::no_stages, std::move(reply)),
                      context());
}

std::shared_ptr<DatabasePool> make_stand_in_pool(Runtime& runtime, const Settings& settings,
                                                 const StandIn& stand_in, std::uint64_t seed,
                                                 std::optional<Stall> stall) {
  auto& workers = runtime.workers();
  const auto size = actors::pool_size_of(settings.database, workers.size());
  std::shared_ptr<StandInStation> station;
  if (!stand_in.service.instant()) station = std::make_shared<StandInStation>(stand_in.serial ? 1 : size);
  std::vector<DatabasePool::Member> members;
  for (std::size_t index = 0; index < size; ++index) {
    auto& home = workers[index % workers.size()];
    auto stats = std::make_shared<DatabaseActorStats>();
    stats->ready = true;
    StandInDatabase::Place place{
        index, size, stats, stand_in.service, station, Rng(seed, RandomStream::stand_in, index), stall};
    members.push_back({runtime.system().spawn<StandInDatabase>(std::ref(home), runtime.home_runs_actors(),
                                                               std::move(place)),
                       home.index(), stats});
  }
  return std::make_shared<DatabasePool>(std::move(members),
                                        actors::PoolRules{settings.database.queue_limit, 1, false, nullptr});
}

}  // namespace troupe::stand_in
