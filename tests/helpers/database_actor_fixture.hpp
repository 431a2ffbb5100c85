#pragma once

#include <caf/all.hpp>
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <vector>

#include "actors/database/command_queue.hpp"
#include "actors/database/database_pool_start.hpp"
#include "helpers/item_commands.hpp"
#include "helpers/scripted_session.hpp"
#include "helpers/virtual_time.hpp"

namespace troupe::tests {

using namespace actors;
using namespace std::chrono_literals;

/// One database actor in virtual time over a server that does what the test says. Whatever happens, every
/// command must have got exactly one Reply when the actor has ended.
struct DatabaseActorFixture {
  static Settings settings() {
    Settings settings;
    settings.database.pool_size = 1;
    settings.database.connect_timeout = 2s;
    settings.database.reconnect_min = 100ms;
    settings.database.reconnect_max = 400ms;
    settings.server.request_timeout = 1s;
    return settings;
  }

  using Connecting = ScriptedServer::Connecting;

  explicit DatabaseActorFixture(Connecting connecting = Connecting::at_once,
                                Execution execution = Execution::async,
                                Batching batching = Batching::coalesce) {
    auto chosen = settings();
    chosen.database.execution = execution;
    chosen.database.batching = batching;
    server.connecting = connecting;
    pool = start_pool(time.runtime(), server.sessions(), chosen);
    time.settle();
  }
  ~DatabaseActorFixture() {
    if (!stopped) stop();
    CHECK(replies.size() == commands);
    for (const auto& [ticket, outcomes] : replies) {
      INFO("command " << ticket);
      CHECK(outcomes.size() == 1);
    }
    CHECK(stats().outstanding == 0);
    CHECK(stats().in_flight == 0);
    CHECK(stats().lists == 0);
  }
  void stop() {
    stopped = true;
    stop_pool(*pool);
    settle();
  }

  DatabaseActorStats& stats() { return *pool->members()[0].stats; }

  // Past the pool, which gives nothing to an actor without a connection. Returns the command's ticket.
  std::uint64_t send(Command command, std::chrono::milliseconds time_left = 1s) {
    const auto now = time.timers().now();
    command.head = {++commands, now, now + time_left};
    stats().outstanding += 1;
    if (may_be_long(command.kind)) stats().lists += 1;
    client->send(pool->members()[0].actor, command);
    return commands;
  }
  std::uint64_t read(std::int64_t id) { return send(read_item(id)); }
  std::uint64_t create() { return send(create_item()); }

  void settle() {
    time.settle();
    bool more = true;
    while (more) {
      client->receive([&](const Reply& reply) { replies[reply.ticket].push_back(reply.outcome); },
                      caf::after(0ms) >> [&] { more = false; });
    }
  }
  void run_for(std::chrono::milliseconds duration) {
    time.run_for(duration);
    settle();
  }
  void run_until_ready() {
    time.run_until([&] { return stats().ready.load(); });
    settle();
  }
  void answer(const std::vector<std::int64_t>& ids) {
    server.answer(ids);
    settle();
  }
  void refuse(std::string_view sqlstate) {
    server.refuse(sqlstate);
    settle();
  }
  void lose() {
    server.lose();
    settle();
  }

  bool answered(std::uint64_t ticket) const { return replies.contains(ticket); }
  // The item that a command was answered with; 0: another answer, or none.
  std::int64_t item_of(std::uint64_t ticket) {
    const auto* row = answered(ticket) ? std::get_if<RowAnswer>(&replies[ticket].front()) : nullptr;
    return row != nullptr ? id_in(*row) : 0;
  }
  bool failed(std::uint64_t ticket, Failure::Kind kind, bool outcome_unknown = false) {
    const auto* failure = answered(ticket) ? std::get_if<Failure>(&replies[ticket].front()) : nullptr;
    return failure != nullptr && failure->kind == kind && failure->outcome_unknown == outcome_unknown;
  }

  ScriptedServer server;
  VirtualTime time;
  caf::scoped_actor client{time.runtime().system()};
  std::shared_ptr<DatabasePool> pool;
  std::uint64_t commands = 0;
  std::map<std::uint64_t, std::vector<Outcome>> replies;
  bool stopped = false;
};

}  // namespace troupe::tests
