#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace troupe::sweep {

/// What is measured: the same for every configuration that competes with others.
struct Workload {
  std::string scenario;
  std::string transport;  ///< "direct" or "http"
  auto operator<=>(const Workload&) const = default;
};

/// How much of it: a number of users (closed load) or an arrival rate (open load); the other one is 0.
struct Load {
  std::uint64_t users = 0;
  double arrival_rate_per_s = 0;
  auto operator<=>(const Load&) const = default;
};

/// What is compared: a way to run the server.
struct Configuration {
  std::string model;                            ///< of config/models; empty: none
  std::map<std::string, std::string> settings;  ///< the swept ones, by their TOML keys
  // What it costs, resolved ("auto" is a number here):
  std::uint64_t workers = 0;      ///< threads that run actors; 0: of an outside service, see is_outside
  std::uint64_t connections = 0;  ///< to PostgreSQL
  auto operator<=>(const Configuration&) const = default;
};

/// One point of the grid.
struct Cell {
  Workload workload;
  Configuration configuration;
  Load load;
  auto operator<=>(const Cell&) const = default;
};

/// "actors pool_size=4 batching=coalesce": the model and what is swept, by the settings' short names; "the
/// settings in force" when nothing is, "the service as it is" of an outside one.
std::string describe(const Configuration& configuration);
/// "64 users" or "2,000 arrivals/s".
std::string describe(const Load& load);
/// "mixed over http".
std::string describe(const Workload& workload);
/// All three.
std::string describe(const Cell& cell);

/// Whether this is a way to run a service that is not ours (Service): what it costs nobody knows.
inline bool is_outside(const Configuration& configuration) {
  return configuration.workers == 0;
}

/// An outside service's axes are settings by this and their names: "axis.pool".
inline constexpr std::string_view service_axis = "axis.";

/// "pool_size" of "database.pool_size", "workers" of "workers.count", "pool" of "axis.pool".
std::string short_name(const std::string& key);

}  // namespace troupe::sweep
