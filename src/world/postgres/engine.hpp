#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "world/postgres/model_settings.hpp"
#include "world/postgres/repertoire.hpp"
#include "world/postgres/server_time.hpp"
#include "world/postgres/table.hpp"
#include "world/postgres/transactions.hpp"

namespace troupe::world {

/// What the connections of one server share.
struct Engine {
  Engine(EventQueue& events, const ModelSettings& wanted, std::uint64_t seed)
      : settings(wanted), time(events, seed), transactions(time, settings) {}

  ModelSettings settings;
  ServerTime time;
  std::map<std::string, std::unique_ptr<Table>> tables;  ///< by Resource::table
  Repertoire repertoire;
  Transactions transactions;
  bool read_only = false;
};

}  // namespace troupe::world
