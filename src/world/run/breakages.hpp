#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "world/faults/fault.hpp"
#include "world/load/client.hpp"
#include "world/postgres/modelled_postgres.hpp"
#include "world/time/event_queue.hpp"

namespace troupe::world {

/// Lets faults happen in a world; what lasts a while mends itself. Outlives its events.
class Breakages {
 public:
  Breakages(EventQueue& events, ModelledPostgres& postgres, const ModelSettings& model,
            const std::vector<std::unique_ptr<Client>>& clients)
      : events_(events), postgres_(postgres), model_(model), clients_(clients) {}

  void happen(const Fault& fault);

 private:
  void break_client(const Fault& fault);
  void break_postgres(const Fault& fault);

  EventQueue& events_;
  ModelledPostgres& postgres_;
  const ModelSettings& model_;
  const std::vector<std::unique_ptr<Client>>& clients_;
  std::uint64_t read_only_ = 0, refusing_ = 0;  ///< faults of these kinds that last
};

}  // namespace troupe::world
