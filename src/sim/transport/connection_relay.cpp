#include "sim/transport/connection_relay.hpp"

#include <caf/mailbox_element.hpp>

namespace troupe::sim {

using namespace actors;

ConnectionRelay::ConnectionRelay(caf::actor_config& config, Worker& home, bool home_runs_actors,
                                 std::shared_ptr<DatabasePool> pool)
    : PinnedActor(config, home, home_runs_actors), pool_(std::move(pool)) {}

caf::behavior ConnectionRelay::make_behavior() {
  return {
      [this](Command& command) { on_command(std::move(command)); },
      [this](Reply& reply) { on_reply(std::move(reply)); },
  };
}

void ConnectionRelay::on_command(Command command) {
  auto& head = command.head;
  const Asked asked{current_sender(), head.ticket};
  if (free_tickets_.empty()) {
    free_tickets_.push_back(asked_.size());
    asked_.emplace_back();
  }
  const auto ticket = free_tickets_.back();
  free_tickets_.pop_back();
  head.ticket = ticket;
  asked_[ticket] = asked;
  if (auto refused = pool_->submit(*this, home().index(), std::move(command))) {
    on_reply({ticket, *refused, {}});
  }
}

void ConnectionRelay::on_reply(Reply reply) {
  const auto asked = std::exchange(asked_[reply.ticket], {});
  free_tickets_.push_back(reply.ticket);
  reply.ticket = asked.ticket;
  asked.user->enqueue(caf::make_mailbox_element(caf::strong_actor_ptr{ctrl()}, caf::make_message_id(),
                                                caf::no_stages, std::move(reply)),
                      context());
}

}  // namespace troupe::sim
