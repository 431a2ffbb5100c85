#pragma once

#include <memory>

#include "sim/transport/direct_transport.hpp"
#include "sim/transport/http_transport.hpp"

namespace troupe::sim {

/// Requests over sockets to a server of our own, and as messages to its pool what is no request: SQL.
class SplitTransport final : public Transport {
 public:
  SplitTransport(std::unique_ptr<HttpTransport> http, std::unique_ptr<DirectTransport> direct)
      : http_(std::move(http)), direct_(std::move(direct)) {}

  std::unique_ptr<Link> make_link(caf::event_based_actor& user, actors::Worker& home,
                                  std::uint64_t number) override;
  void stop() override;

 private:
  std::unique_ptr<HttpTransport> http_;
  std::unique_ptr<DirectTransport> direct_;
};

}  // namespace troupe::sim
