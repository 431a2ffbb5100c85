#include "sim/transport/split_transport.hpp"

namespace troupe::sim {
namespace {

/// Makes its links when they are used first: most users need one of them, and each costs memory.
class SplitLink final : public Link {
 public:
  SplitLink(HttpTransport& http, DirectTransport& direct, SplitTransport::GoesAsHttp goes_as_http,
            caf::event_based_actor& user, actors::Worker& home, std::uint64_t number)
      : http_transport_(http),
        direct_transport_(direct),
        goes_as_http_(goes_as_http),
        user_(user),
        home_(home),
        number_(number) {}

  std::optional<Answer> send(Call& call, std::uint64_t ticket, TimePoint now) override {
    used_ = goes_as_http_(*call.task) ? &made(http_, http_transport_) : &made(direct_, direct_transport_);
    return used_->send(call, ticket, now);
  }
  std::optional<Answer> on_reply(actors::Reply& reply) override { return used_->on_reply(reply); }
  std::optional<Answer> on_socket(const LinkReady& ready) override {
    return http_ ? http_->on_socket(ready) : std::nullopt;
  }
  std::optional<FailureSample> sample(std::span<const std::string> secrets) override {
    return used_->sample(secrets);
  }
  void give_up() override { used_->give_up(); }
  void close() override {
    if (http_) http_->close();
    if (direct_) direct_->close();
  }

 private:
  Link& made(std::unique_ptr<Link>& link, Transport& transport) {
    if (!link) link = transport.make_link(user_, home_, number_);
    return *link;
  }

  std::unique_ptr<Link> http_, direct_;
  HttpTransport& http_transport_;
  DirectTransport& direct_transport_;
  SplitTransport::GoesAsHttp goes_as_http_;
  caf::event_based_actor& user_;
  actors::Worker& home_;
  std::uint64_t number_;
  Link* used_ = nullptr;  ///< of the last call
};

}  // namespace

std::unique_ptr<Link> SplitTransport::make_link(caf::event_based_actor& user, actors::Worker& home,
                                                std::uint64_t number) {
  return std::make_unique<SplitLink>(*http_, *direct_, goes_as_http_, user, home, number);
}

void SplitTransport::stop() {
  http_->stop();
  direct_->stop();
}

}  // namespace troupe::sim
