#include "sim/transport/split_transport.hpp"

namespace troupe::sim {
namespace {

class SplitLink final : public Link {
 public:
  SplitLink(std::unique_ptr<Link> http, caf::event_based_actor& user, actors::Worker& home,
            std::uint64_t number, DirectTransport& direct)
      : http_(std::move(http)), user_(user), home_(home), number_(number), transport_(direct) {}

  std::optional<Answer> send(Call& call, std::uint64_t ticket, TimePoint now) override {
    uses_http_ = call.task->operation != Operation::sql;
    if (uses_http_) return http_->send(call, ticket, now);
    // Not before: most scenarios have none, and a link costs an actor.
    if (!direct_) direct_ = transport_.make_link(user_, home_, number_);
    return direct_->send(call, ticket, now);
  }
  std::optional<Answer> on_reply(actors::Reply& reply) override { return direct_->on_reply(reply); }
  std::optional<Answer> on_socket(const LinkReady& ready) override { return http_->on_socket(ready); }
  std::optional<FailureSample> sample() override { return uses_http_ ? http_->sample() : std::nullopt; }
  void give_up() override {
    http_->give_up();
    if (direct_) direct_->give_up();
  }
  void close() override {
    http_->close();
    if (direct_) direct_->close();
  }

 private:
  std::unique_ptr<Link> http_, direct_;
  caf::event_based_actor& user_;
  actors::Worker& home_;
  std::uint64_t number_;
  DirectTransport& transport_;
  bool uses_http_ = true;  ///< the last call
};

}  // namespace

std::unique_ptr<Link> SplitTransport::make_link(caf::event_based_actor& user, actors::Worker& home,
                                                std::uint64_t number) {
  return std::make_unique<SplitLink>(http_->make_link(user, home, number), user, home, number, *direct_);
}

void SplitTransport::stop() {
  http_->stop();
  direct_->stop();
}

}  // namespace troupe::sim
