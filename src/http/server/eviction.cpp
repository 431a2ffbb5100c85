#include "http/server/eviction.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <utility>

namespace troupe::http {

namespace {

/// No connection is closed that has been idle for less.
constexpr auto least_idle = std::chrono::milliseconds(100);

/// One question to all workers. Hosts may end with their server meanwhile: each is looked at on its own
/// worker only, which is where it ends.
struct Round : std::enable_shared_from_this<Round> {
  struct Asked {
    actors::Worker* worker;
    std::weak_ptr<SessionHost> host;
    TimePoint idle_since = TimePoint::max();
  };

  void begin() {
    for (std::size_t i = 0; i < asked.size(); ++i)
      asked[i].worker->post([self = shared_from_this(), i] { self->look_at(i); });
  }

  void look_at(std::size_t place) {
    if (const auto host = asked[place].host.lock()) {
      const auto since = host->longest_idle();
      if (since != TimePoint::max() && since + least_idle <= host->now()) asked[place].idle_since = since;
    }
    if (left.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    const auto longest = std::ranges::min_element(asked, {}, &Asked::idle_since);
    if (longest->idle_since == TimePoint::max()) return finish(false);
    longest->worker->post([self = shared_from_this(), longest] {
      const auto host = longest->host.lock();
      self->finish(host && host->close_longest_idle());
    });
  }

  void finish(bool closed) {
    home->post([tell = std::move(tell), closed] { tell(closed); });
  }

  actors::Worker* home;
  std::vector<Asked> asked;
  std::function<void(bool)> tell;
  std::atomic<std::size_t> left{0};
};

}  // namespace

Listener::MakeRoom evict_from(const std::vector<std::shared_ptr<SessionHost>>& hosts, actors::Worker& home) {
  std::vector<Round::Asked> all;
  for (const auto& host : hosts) all.push_back({&host->worker(), host});
  return [all = std::move(all), home = &home](std::function<void(bool)> tell) {
    const auto round = std::make_shared<Round>();
    round->home = home;
    round->asked = all;
    round->tell = std::move(tell);
    round->left = all.size();
    round->begin();
  };
}

}  // namespace troupe::http
