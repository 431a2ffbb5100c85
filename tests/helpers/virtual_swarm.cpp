#include "helpers/virtual_swarm.hpp"

#include <boost/asio/io_context.hpp>
#include <memory>

#include "sim/users/swarm.hpp"

namespace troupe::tests {

void run_swarm(VirtualTime& time, const sim::Plan& plan, sim::Transport& transport,
               const std::vector<std::int64_t>& items, sim::Waterfall* waterfall,
               const std::function<void(sim::Interval)>& on_interval) {
  boost::asio::io_context loop;
  const auto material = sim::items_material(*plan.scenario);
  std::vector<sim::RowKey> keys;
  for (const auto id : items) keys.push_back(sim::integer_key(id));
  sim::Swarm swarm(loop, time.runtime(), std::make_shared<const sim::Plan>(plan), *material, transport,
                   waterfall, {.items = std::move(keys), .variables = {}});
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
