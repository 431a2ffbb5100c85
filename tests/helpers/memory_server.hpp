#pragma once

#include <boost/asio/ip/address.hpp>
#include <caf/actor.hpp>
#include <caf/scoped_actor.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "actors/database/database_pool.hpp"
#include "helpers/scripted_client.hpp"
#include "helpers/virtual_time.hpp"
#include "http/server/router.hpp"
#include "http/server/server_context.hpp"
#include "http/server/session_host.hpp"

namespace troupe::tests {

/// Sessions and connection actors as the server makes them, over scripted clients, in virtual time; the test
/// itself is the database. Its destructor ends every client and checks that each session ended exactly once.
class MemoryServer {
 public:
  /// What a connection actor asked the pool.
  struct Asked {
    actors::Command command;
    caf::actor from;
    std::uint64_t ticket() const { return command.head.ticket; }
  };

  explicit MemoryServer(http::Router router, ServerSettings settings = {}, std::size_t queue_limit = 1024,
                        const LimitSettings& limits = {});
  ~MemoryServer();

  /// A new client, with a connection actor of its own, or with one that several share.
  ScriptedClient& connect();
  ScriptedClient& connect(const caf::actor& shared_actor);
  caf::actor spawn_connection_actor();

  /// Lets happen what can happen now, and takes up what was asked.
  void settle();
  /// Lets time pass, and has the sessions look at their deadlines at its end.
  void pass(std::chrono::milliseconds time);
  /// Lets time pass as a running server does: its host looks around four times a second.
  void live_through(std::chrono::milliseconds time);
  /// Answers what was asked at this place of `asked`.
  void reply(std::size_t place, const actors::Outcome& outcome);
  void stop(const caf::actor& actor);

  http::ServerContext& context() { return *context_; }
  /// How many sessions have not ended.
  std::size_t open_sessions() const { return context_->connections; }
  /// Bytes that count against server.memory_limit.
  std::size_t held_memory() const { return host_->memory().held(); }
  std::size_t running_actors();
  /// The session of the client that connected as the n-th, from 0; null once it has ended.
  std::shared_ptr<http::Session> session(std::size_t n) const { return sessions_.at(n).lock(); }
  /// The pool takes no command any more.
  void stop_database();

  std::vector<Asked> asked;
  /// Who connects from now on.
  boost::asio::ip::address peer = boost::asio::ip::address_v4::loopback();
  http::SessionHost& host() { return *host_; }

 private:
  void start_session(ScriptedClient& client, const caf::actor& actor, bool own);

  VirtualTime time_;
  caf::scoped_actor database_{time_.runtime().system()};
  std::shared_ptr<actors::DatabaseActorStats> stats_ = std::make_shared<actors::DatabaseActorStats>();
  std::shared_ptr<http::ServerContext> context_ = std::make_shared<http::ServerContext>();
  std::shared_ptr<http::SessionHost> host_;
  std::deque<ScriptedClient> clients_;
  std::vector<std::weak_ptr<http::Session>> sessions_;
};

}  // namespace troupe::tests
