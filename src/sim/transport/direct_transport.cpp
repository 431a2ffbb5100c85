#include "sim/transport/direct_transport.hpp"

#include <caf/mailbox_element.hpp>
#include <string_view>

#include "actors/database/failure_status.hpp"
#include "sim/transport/connection_relay.hpp"
#include "sim/transport/row_commands.hpp"

namespace troupe::sim {
namespace {

using namespace actors;

/// What a failure is called in a run's errors.
std::string_view message_of(Failure::Kind kind) {
  switch (kind) {
    case Failure::Kind::queue_full:
      return "503 database queue full";
    case Failure::Kind::database_away:
      return "503 database away";
    case Failure::Kind::deadline_passed:
      return "503 database deadline passed";
    case Failure::Kind::busy:
      return "503 database busy";
    case Failure::Kind::rejected:
      return "422 refused by the database's rules";
    case Failure::Kind::conflict:
      return "409 conflict with another row";
    case Failure::Kind::forbidden:
      return "403 not allowed by the database";
    case Failure::Kind::internal:
      break;
  }
  return "500 internal error";
}

/// The status that our server gives a failure, and what it says.
Answer answer_of(const Failure& failure) {
  return {.status = http_status_of(failure.kind), .message = message_of(failure.kind)};
}

/// `table`: of a task on rows; null of a call.
Answer answer_of(const TaskMaterial& task, const TableMaterial* table, Operation operation,
                 const Reply& reply) {
  Answer answer;
  if (const auto* failure = std::get_if<Failure>(&reply.outcome)) {
    answer = answer_of(*failure);
  } else if (std::holds_alternative<NotFound>(reply.outcome)) {
    answer.status = 404;
  } else {
    answer.status = operation == Operation::create ? 201 : operation == Operation::remove ? 204 : 200;
    const auto* row = std::get_if<RowAnswer>(&reply.outcome);
    if (row != nullptr && operation == Operation::create)
      answer.created = key_of(table->resource->resource, *row);
    // As the query's endpoint has it.
    if (task.query && task.query->query.rows.columns.empty()) answer.status = 204;
    if (task.query && task.query->query.one && row != nullptr && row->count == 0) answer.status = 404;
  }
  answer.trace = reply.trace;
  return answer;
}

class DirectLink final : public Link {
 public:
  DirectLink(caf::event_based_actor& user, caf::actor relay, Duration timeout)
      : user_(user), relay_(std::move(relay)), timeout_(timeout) {}

  std::optional<Answer> send(Call& call, std::uint64_t ticket, TimePoint now) override {
    operation_ = call.task->operation;
    material_ = call.material;
    table_ = call.table;
    auto command = command_of(call, {ticket, now, now + timeout_});
    if (!command) return Answer{.status = 422, .message = "422 refused by the resource's rules"};
    relay_->enqueue(caf::make_mailbox_element(caf::strong_actor_ptr{user_.ctrl()}, caf::make_message_id(),
                                              caf::no_stages, std::move(*command)),
                    user_.context());
    return std::nullopt;
  }

  std::optional<Answer> on_reply(Reply& reply) override {
    return answer_of(*material_, table_, operation_, reply);
  }

 private:
  caf::event_based_actor& user_;
  caf::actor relay_;
  Duration timeout_;
  const TaskMaterial* material_ = nullptr;  ///< of the call under way
  const TableMaterial* table_ = nullptr;    ///< the same
  Operation operation_ = Operation::list;
};

}  // namespace

DirectTransport::DirectTransport(Runtime& runtime, std::shared_ptr<DatabasePool> pool,
                                 std::size_t connection_actors, Duration request_timeout)
    : runtime_(runtime),
      pool_(std::move(pool)),
      request_timeout_(request_timeout),
      relays_(runtime.workers().size()),
      relay_count_(connection_actors) {
  for (std::size_t number = 0; number < connection_actors; ++number) {
    auto& home = runtime.workers()[number % runtime.workers().size()];
    relays_[home.index()].push_back(spawn_relay(home));
  }
}

caf::actor DirectTransport::spawn_relay(Worker& home) {
  return runtime_.system().spawn<ConnectionRelay>(std::ref(home), runtime_.home_runs_actors(), pool_);
}

std::unique_ptr<Link> DirectTransport::make_link(caf::event_based_actor& user, Worker& home,
                                                 std::uint64_t number) {
  // Users may run on workers of their own.
  auto& server_home = runtime_.workers()[home.index() % runtime_.workers().size()];
  if (relay_count_ == 0)
    return std::make_unique<DirectLink>(user, spawn_relay(server_home), request_timeout_);
  // As the server does it: those on the same worker first; with fewer relays than workers some have none.
  const auto* candidates = &relays_[server_home.index()];
  if (candidates->empty()) candidates = &relays_[server_home.index() % relay_count_];
  return std::make_unique<DirectLink>(user, (*candidates)[number / relays_.size() % candidates->size()],
                                      request_timeout_);
}

void DirectTransport::stop() {
  for (auto& relays : relays_) relays.clear();
}

}  // namespace troupe::sim
