#pragma once

#include <ostream>
#include <vector>

#include "sim/transport/http_target.hpp"
#include "sim/transport/transport.hpp"

namespace troupe::sim {

/// Tells people of every request and answer that goes through another transport, with secrets masked. For one
/// user at a time: it writes on that user's worker.
class TellingTransport final : public Transport {
 public:
  /// `targets`: whose hosts and prefixes requests show, by Task::target. All outlive this.
  TellingTransport(Transport& real, const std::vector<HttpTarget>& targets, std::ostream& out)
      : real_(real), targets_(targets), out_(out) {}

  std::unique_ptr<Link> make_link(caf::event_based_actor& user, actors::Worker& home,
                                  std::uint64_t number) override;
  /// Whether users who come from now on are told of; set while there is none.
  void tell(bool on) { tells_ = on; }

 private:
  Transport& real_;
  const std::vector<HttpTarget>& targets_;
  std::ostream& out_;
  bool tells_ = true;
};

}  // namespace troupe::sim
