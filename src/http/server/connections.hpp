#pragma once

#include <boost/asio/ip/address.hpp>
#include <caf/actor.hpp>
#include <memory>
#include <vector>

#include "actors/io/byte_stream.hpp"
#include "actors/runtime/runtime.hpp"
#include "http/server/server_context.hpp"
#include "http/server/session_host.hpp"
#include "support/log_limiter.hpp"

namespace troupe::http {

/// Who serves connections once they are open, whoever accepts them: a session host per worker, and connection
/// actors. Made and destroyed by one thread that is no worker.
class Connections {
 public:
  /// `context` gets the workers' statistics. `runtime` must outlive this.
  Connections(actors::Runtime& runtime, std::shared_ptr<ServerContext> context);
  /// No connection may be open any more.
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  /// The stream of a socket that was accepted: with TLS, if the server speaks it. On the thread of its
  /// worker.
  std::unique_ptr<actors::ByteStream> stream(actors::Descriptor socket, actors::Worker& worker);

  /// Serves a connection that `peer` has just opened, on the thread of its worker.
  void serve(std::unique_ptr<actors::ByteStream> stream, const boost::asio::ip::address& peer,
             actors::Worker& worker);

  /// One for each worker, in their order.
  std::vector<std::shared_ptr<SessionHost>>& hosts() { return hosts_; }
  ServerContext& context() { return *context_; }

 private:
  caf::actor actor_for(actors::Worker& worker);
  void turn_away(actors::ByteStream& stream, const boost::asio::ip::address& peer, SessionHost& host);

  actors::Runtime& runtime_;
  std::shared_ptr<ServerContext> context_;
  std::vector<std::shared_ptr<SessionHost>> hosts_;
  std::vector<std::vector<caf::actor>> shared_actors_;  ///< by worker; empty: one actor per connection
  LogLimiter refusals_;
};

}  // namespace troupe::http
