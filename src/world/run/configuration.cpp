#include "world/run/configuration.hpp"

#include <spdlog/fmt/fmt.h>

#include <array>

#include "support/random.hpp"

namespace troupe::world {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

template <class Choices>
auto one_of(const Choices& choices, Rng& random) {
  return choices[random.below(choices.size())];
}

void set_database(DatabaseSettings& database, Rng& random) {
  database.pool_size = 1 + random.below(6);
  database.batching =
      one_of(std::array{Batching::coalesce, Batching::coalesce, Batching::pipeline, Batching::off}, random);
  database.queue_limit = one_of(std::array<std::size_t, 3>{4, 64, 4096}, random);
  database.max_batch = one_of(std::array<std::size_t, 4>{1, 3, 16, 512}, random);
  database.max_in_flight = one_of(std::array<std::size_t, 3>{1, 4, 16}, random);
  database.replan_interval = one_of(std::array{milliseconds(100), milliseconds(1'000)}, random);
  database.lanes = one_of(std::array{LaneMode::automatic, LaneMode::automatic, LaneMode::shared}, random);
  database.gather_max = one_of(std::array{milliseconds(0), milliseconds(5), milliseconds(50)}, random);
  database.max_lifetime =
      one_of(std::array{milliseconds(0), milliseconds(700), milliseconds(1'800'000)}, random);
  // A connection that has lived long enough is made anew, and who comes meanwhile must not be turned away.
  database.outage_wait = database.max_lifetime.count() == 0
                             ? one_of(std::array{milliseconds(0), milliseconds(250)}, random)
                             : milliseconds(1'000);
  if (database.max_lifetime.count() == 0)
    database.outage_memory = one_of(std::array<std::size_t, 2>{4'000, 16 << 20}, random);
  database.connect_timeout = one_of(std::array{milliseconds(300), milliseconds(5'000)}, random);
}

void set_server(ServerSettings& server, Rng& random) {
  server.connection_actors = one_of(std::array<std::size_t, 4>{0, 0, 1, 3}, random);
  server.request_timeout =
      one_of(std::array{milliseconds(300), milliseconds(1'000), milliseconds(5'000)}, random);
  server.memory_limit = one_of(std::array<std::size_t, 2>{64 * 1024, 64 * 1024 * 1024}, random);
  server.header_timeout = one_of(std::array{milliseconds(500), milliseconds(10'000)}, random);
  server.body_timeout = one_of(std::array{milliseconds(2'000), milliseconds(30'000)}, random);
  server.idle_timeout = milliseconds(20'000);
}

ClientTraits client_traits(Rng& random) {
  ClientTraits traits;
  const auto least_delay = microseconds(10 + random.below(200));
  traits.link.delay = {least_delay, least_delay + microseconds(random.below(3'000))};
  traits.link.piece = one_of(std::array<std::size_t, 4>{1'460, 1'460, 64, 1}, random);
  traits.link.room = one_of(std::array<std::size_t, 3>{64 * 1024, 4 * 1024, 512}, random);
  if (random.below(8) == 0) traits.link.bytes_per_s = 20'000;
  traits.depth = one_of(std::array<std::size_t, 3>{1, 1, 4}, random);
  traits.think = {microseconds(100),
                  one_of(std::array{milliseconds(5), milliseconds(60), milliseconds(300)}, random)};
  return traits;
}

const char* batching_name(Batching batching) {
  return batching == Batching::coalesce ? "coalesce" : batching == Batching::pipeline ? "pipeline" : "off";
}

}  // namespace

Configuration configure(std::uint64_t seed) {
  Rng random(seed, RandomStream::world_settings);
  Configuration made;
  made.settings.workers.count = 1 + random.below(4);
  set_database(made.settings.database, random);
  set_server(made.settings.server, random);
  made.model.disk = one_of(
      std::array{Span{microseconds(20), microseconds(80)}, Span{milliseconds(1), milliseconds(6)}}, random);
  made.mix.most_rows = std::min<std::size_t>(made.settings.database.max_batch, 4);
  for (auto& weight : made.mix.deeds) weight *= random.uniform() * 2;
  if (random.below(8) == 0)
    made.mix.deeds[static_cast<std::size_t>(Deed::list)] *= 300;  // one after the other
  made.mix.padding = one_of(std::array<std::size_t, 4>{0, 0, 300, 2'000}, random);
  made.stops_under_load = random.below(4) == 0;
  made.load_time = milliseconds(300 + random.below(3'000));
  const auto clients = 1 + random.below(12);
  for (std::uint64_t i = 0; i < clients; ++i) made.clients.push_back(client_traits(random));
  return made;
}

std::string to_text(const Configuration& configuration) {
  const auto& [settings, model, mix, clients, load_time, stops] = configuration;
  const auto shared = settings.server.connection_actors;
  const auto actors = shared == 0 ? std::string("own") : fmt::format("{}", shared);
  return fmt::format(
      "{} workers, {} connections with {} lanes, batching {}, at most {} rows a batch and {} in flight, "
      "queue {}, {} "
      "clients, "
      "{} connection actors, request timeout {} ms, disk up to {:.2f} ms, marks of {} bytes more, "
      "load for {:.1f} s{}",
      settings.workers.count, settings.database.pool_size,
      settings.database.lanes == LaneMode::shared ? "shared" : "their",
      batching_name(settings.database.batching), settings.database.max_batch, settings.database.max_in_flight,
      settings.database.queue_limit, clients.size(), actors, settings.server.request_timeout.count(),
      to_seconds(model.disk.max) * 1e3, mix.padding, to_seconds(load_time),
      stops ? ", stopped under load" : "");
}

}  // namespace troupe::world
