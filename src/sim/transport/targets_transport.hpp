#pragma once

#include <memory>
#include <vector>

#include "sim/transport/http_transport.hpp"

namespace troupe::sim {

/// Requests over sockets to several servers: a user has a connection and cookies of its own for each one that
/// its tasks name (Task::target).
class TargetsTransport final : public Transport {
 public:
  /// `targets`: the run's own, and behind it those of Scenario::targets.
  TargetsTransport(actors::Runtime& runtime, std::vector<HttpTarget> targets);

  std::unique_ptr<Link> make_link(caf::event_based_actor& user, actors::Worker& home,
                                  std::uint64_t number) override;
  void stop() override;

 private:
  std::vector<std::unique_ptr<HttpTransport>> ways_;  ///< by target
};

}  // namespace troupe::sim
