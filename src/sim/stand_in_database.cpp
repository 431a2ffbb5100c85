#include "sim/stand_in_database.hpp"

#include <caf/mailbox_element.hpp>
#include <utility>

namespace troupe::sim {
namespace {

using namespace actors;

items::Item item_of(std::int64_t id, items::NewItem item) {
  return {id, std::move(item.name), std::move(item.description), item.price, item.in_stock};
}

items::Item changed_item(std::int64_t id, items::ItemChange change) {
  return {id, std::move(change.name).value_or("stand-in"),
          std::move(change.description).value_or(std::nullopt), change.price.value_or(1),
          change.in_stock.value_or(true)};
}

}  // namespace

StandInDatabase::StandInDatabase(caf::actor_config& config, Worker& home, bool home_runs_actors,
                                 std::shared_ptr<DatabaseActorStats> stats, std::size_t index,
                                 std::size_t members, std::optional<Stall> stall)
    : PinnedActor(config, home, home_runs_actors),
      stats_(std::move(stats)),
      next_id_(static_cast<std::int64_t>(index) + 1),
      id_step_(static_cast<std::int64_t>(members)),
      stall_(stall) {}

caf::behavior StandInDatabase::make_behavior() {
  if (stall_) home().timers().call_at(stall_->begin + stall_->length, caf::actor_cast<caf::actor>(this), 0);
  return {
      [this](ReadItem& command) { on_command(std::move(command)); },
      [this](CreateItem& command) { on_command(std::move(command)); },
      [this](UpdateItem& command) { on_command(std::move(command)); },
      [this](DeleteItem& command) { on_command(std::move(command)); },
      [this](ListItems& command) { on_command(std::move(command)); },
      [this](Ping& command) { on_command(std::move(command)); },
      [this](const TimerTick&) {
        for (auto& waiting : std::exchange(waiting_, {}))
          answer(waiting.command, waiting.sender, waiting.received);
      },
      [this](Stop) {
        stats_->ready = false;
        quit();
      },
  };
}

void StandInDatabase::on_command(Command command) {
  const auto received = home().timers().now();
  if (stall_ && received >= stall_->begin && received < stall_->begin + stall_->length) {
    waiting_.push_back({std::move(command), current_sender(), received});
    return;
  }
  answer(command, current_sender(), received);
}

void StandInDatabase::answer(Command& command, const caf::strong_actor_ptr& sender, TimePoint received) {
  const auto head = head_of(command);
  Reply reply{head.ticket, Done{}, {head.submitted, received, received, received}};
  if (auto* read = std::get_if<ReadItem>(&command)) {
    reply.outcome = items::Item{read->id, "stand-in", std::nullopt, 1, true};
  } else if (auto* create = std::get_if<CreateItem>(&command)) {
    reply.outcome = item_of(std::exchange(next_id_, next_id_ + id_step_), std::move(create->item));
  } else if (auto* update = std::get_if<UpdateItem>(&command)) {
    reply.outcome = changed_item(update->id, std::move(update->change));
  } else if (std::holds_alternative<ListItems>(command)) {
    reply.outcome = items::ItemPage{};
    stats_->lists.fetch_sub(1, std::memory_order_relaxed);
  }
  stats_->answered.fetch_add(1, std::memory_order_relaxed);
  stats_->outstanding.fetch_sub(1, std::memory_order_relaxed);
  sender->enqueue(caf::make_mailbox_element(caf::strong_actor_ptr{ctrl()}, caf::make_message_id(),
                                            caf::no_stages, std::move(reply)),
                  context());
}

std::shared_ptr<DatabasePool> make_stand_in_pool(Runtime& runtime, const Settings& settings,
                                                 std::optional<Stall> stall) {
  auto& workers = runtime.workers();
  const auto size = settings.database.pool_size != 0 ? settings.database.pool_size : workers.size();
  std::vector<DatabasePool::Member> members;
  for (std::size_t index = 0; index < size; ++index) {
    auto& home = workers[index % workers.size()];
    auto stats = std::make_shared<DatabaseActorStats>();
    stats->ready = true;
    members.push_back({runtime.system().spawn<StandInDatabase>(std::ref(home), runtime.home_runs_actors(),
                                                               stats, index, size, stall),
                       home.index(), stats});
  }
  return std::make_shared<DatabasePool>(std::move(members), settings.database.queue_limit);
}

}  // namespace troupe::sim
