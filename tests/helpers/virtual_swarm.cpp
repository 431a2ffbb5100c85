#include "helpers/virtual_swarm.hpp"

#include <boost/asio/io_context.hpp>
#include <memory>

#include "sim/users/swarm.hpp"

namespace troupe::tests {

void run_swarm(VirtualTime& time, const sim::Plan& plan, sim::Transport& transport,
               const std::vector<std::int64_t>& items, sim::Waterfall* waterfall,
               const std::function<void(sim::Interval)>& on_interval) {
  boost::asio::io_context loop;
  sim::Swarm swarm(loop, time.runtime(), std::make_shared<const sim::Plan>(plan), transport, waterfall,
                   items);
  bool ended = false;
  swarm.start(
      time.timers().now(),
      {.on_interval = on_interval, .on_phase_done = [](std::size_t) {}, .on_end = [&] { ended = true; }});
  time.run_until([&] {
    loop.restart();
    loop.poll();
    return ended;
  });
}

}  // namespace troupe::tests
