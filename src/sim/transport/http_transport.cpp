#include "sim/transport/http_transport.hpp"

#include "sim/transport/http_link.hpp"

namespace troupe::sim {

HttpSeat::HttpSeat(actors::Worker& worker, const HttpTarget& target, LaterTls& tls, NameLookups& names)
    : place{worker.io(),
            [&worker](Duration after, std::function<void()> task) {
              worker.run_at(worker.timers().now() + after, std::move(task));
            },
            [&worker] { return worker.timers().precisely(); }},
      servers(target, tls, {names, [&worker](std::function<void()> task) { worker.post(std::move(task)); }},
              worker.timers().precisely()) {}

HttpTransport::HttpTransport(actors::Runtime& runtime, HttpTarget target, NameLookups::Resolve resolve)
    : runtime_(runtime), target_(std::move(target)), names_(std::move(resolve)), tls_(target_) {
  auto& workers = runtime.workers();
  for (std::size_t i = 0; i < workers.size(); ++i)
    seats_.push_back(std::make_unique<HttpSeat>(workers[i], target_, tls_, names_));
}

void HttpTransport::stop() {
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    runtime_.workers()[i].run([] {});
    runtime_.workers()[i].run([] {});  // a turn later nothing knows the seat any more
  }
}

std::unique_ptr<Link> HttpTransport::make_link(caf::event_based_actor& user, actors::Worker& home,
                                               std::uint64_t number) {
  return std::make_unique<HttpLink>(user, target_, *seats_[home.index()], number);
}

}  // namespace troupe::sim
