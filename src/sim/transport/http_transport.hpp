#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "actors/runtime/runtime.hpp"
#include "sim/transport/http_target.hpp"
#include "sim/transport/transport.hpp"

namespace troupe::sim {

/// What the HTTP links of one worker share; used on its thread only.
struct HttpSeat {
  explicit HttpSeat(actors::Worker& worker) : poller(worker) {}

  SocketPoller poller;
  std::array<char, 64 * 1024> buffer;  ///< what a read brings
  std::string request;                 ///< the request being rendered
  std::string body;                    ///< its body
  std::string message;                 ///< of the last failure
};

/// Requests over real sockets: HTTP/1.1 with keep-alive, one connection per user, opened at its first request
/// and again after a loss.
class HttpTransport final : public Transport {
 public:
  HttpTransport(actors::Runtime& runtime, HttpTarget target);

  std::unique_ptr<Link> make_link(caf::event_based_actor& user, actors::Worker& home,
                                  std::uint64_t number) override;
  void stop() override;

 private:
  actors::Runtime& runtime_;
  HttpTarget target_;
  std::vector<std::unique_ptr<HttpSeat>> seats_;  ///< by worker
};

/// The loopback address that the connection of user `number` is to come from; nullopt: the system chooses.
/// One address has ports for about 28,000 connections (ip_local_port_range), and users of a loopback target
/// can be more.
std::optional<boost::asio::ip::address> source_for(const boost::asio::ip::address& target,
                                                   std::uint64_t number);

}  // namespace troupe::sim
