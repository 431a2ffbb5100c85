#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "support/settings.hpp"
#include "support/time.hpp"
#include "world/load/choose.hpp"
#include "world/load/client.hpp"
#include "world/postgres/model_settings.hpp"

namespace troupe::world {

/// How a world is set up, but for its tables and faults.
struct Configuration {
  Settings settings;
  ModelSettings model;
  LoadMix mix;
  std::vector<ClientTraits> clients;
  Duration load_time{};           ///< during which things break
  bool stops_under_load = false;  ///< the server is stopped while clients ask
};

/// The configuration of a seed.
Configuration configure(std::uint64_t seed);

/// In one line, for people.
std::string to_text(const Configuration& configuration);

}  // namespace troupe::world
