#pragma once

#include <array>
#include <cstdint>
#include <functional>
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

  /// False when there was nothing that it could have broken.
  bool happen(const Fault& fault);

 private:
  bool break_client(const Fault& fault);
  bool break_postgres(const Fault& fault);
  bool cancel_one(std::uint64_t which);
  void terminate_one(std::uint64_t which);
  void last(std::uint64_t& lasting, const Fault& fault, std::function<void()> mend);

  EventQueue& events_;
  ModelledPostgres& postgres_;
  const ModelSettings& model_;
  const std::vector<std::unique_ptr<Client>>& clients_;
  std::array<std::uint64_t, fault_kinds> lasting_{};  ///< how many of each kind
};

}  // namespace troupe::world
