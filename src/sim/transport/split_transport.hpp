#pragma once

#include <memory>

#include "sim/transport/direct_transport.hpp"
#include "sim/transport/http_transport.hpp"

namespace troupe::sim {

/// Two ways to a server of our own: what goes as HTTP does so, and the rest as messages to its pool.
class SplitTransport final : public Transport {
 public:
  using GoesAsHttp = bool (*)(const Task&);

  SplitTransport(std::unique_ptr<HttpTransport> http, std::unique_ptr<DirectTransport> direct,
                 GoesAsHttp goes_as_http)
      : http_(std::move(http)), direct_(std::move(direct)), goes_as_http_(goes_as_http) {}

  std::unique_ptr<Link> make_link(caf::event_based_actor& user, actors::Worker& home,
                                  std::uint64_t number) override;
  void stop() override;

 private:
  std::unique_ptr<HttpTransport> http_;
  std::unique_ptr<DirectTransport> direct_;
  GoesAsHttp goes_as_http_;
};

}  // namespace troupe::sim
