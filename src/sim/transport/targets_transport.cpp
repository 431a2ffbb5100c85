#include "sim/transport/targets_transport.hpp"

#include <utility>

namespace troupe::sim {
namespace {

using Ways = std::vector<std::unique_ptr<HttpTransport>>;

class TargetsLink final : public Link {
 public:
  TargetsLink(const Ways& ways, caf::event_based_actor& user, actors::Worker& home, std::uint64_t number)
      : ways_(ways), user_(user), home_(home), number_(number), links_(ways.size()) {}

  std::optional<Answer> send(Call& call, std::uint64_t ticket, TimePoint now) override {
    auto& link = links_[call.task->target];
    if (!link) link = ways_[call.task->target]->make_link(user_, home_, number_);
    used_ = link.get();
    return used_->send(call, ticket, now);
  }
  std::optional<Answer> on_socket(const LinkReady& ready) override { return used_->on_socket(ready); }
  std::optional<FailureSample> sample(std::span<const std::string> secrets) override {
    return used_->sample(secrets);
  }
  void give_up() override { used_->give_up(); }
  void close() override {
    for (auto& link : links_) {
      if (link) link->close();
    }
  }

 private:
  const Ways& ways_;
  caf::event_based_actor& user_;
  actors::Worker& home_;
  std::uint64_t number_;
  std::vector<std::unique_ptr<Link>> links_;  ///< by target, once it is used
  Link* used_ = nullptr;                      ///< of the last call
};

}  // namespace

TargetsTransport::TargetsTransport(actors::Runtime& runtime, std::vector<HttpTarget> targets) {
  for (auto& target : targets) ways_.push_back(std::make_unique<HttpTransport>(runtime, std::move(target)));
}

std::unique_ptr<Link> TargetsTransport::make_link(caf::event_based_actor& user, actors::Worker& home,
                                                  std::uint64_t number) {
  if (ways_.size() == 1) return ways_.front()->make_link(user, home, number);
  return std::make_unique<TargetsLink>(ways_, user, home, number);
}

void TargetsTransport::stop() {
  for (const auto& way : ways_) way->stop();
}

}  // namespace troupe::sim
