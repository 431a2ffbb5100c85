#include "world/run/breakages.hpp"

#include <utility>

namespace troupe::world {

bool Breakages::happen(const Fault& fault) {
  if (fault.kind == FaultKind::cut_client || fault.kind == FaultKind::vanish_client)
    return break_client(fault);
  return break_postgres(fault);
}

bool Breakages::break_client(const Fault& fault) {
  auto* link = clients_[fault.which % clients_.size()]->link();
  if (link == nullptr) return false;
  fault.kind == FaultKind::cut_client ? link->cut() : link->vanish();
  return true;
}

/// One of those that run a statement, if any does.
bool Breakages::cancel_one(std::uint64_t which) {
  const auto connections = postgres_.connections();
  for (std::size_t i = 0; i < connections; ++i) {
    if (postgres_.cancel_statement((which + i) % connections)) return true;
  }
  return false;
}

/// A connection that comes back meets the fault; without one it would be none.
void Breakages::terminate_one(std::uint64_t which) {
  if (const auto connections = postgres_.connections(); connections > 0)
    postgres_.terminate_connection(which % connections);
}

/// Of those that overlap the last one mends it.
void Breakages::last(std::uint64_t& lasting, const Fault& fault, std::function<void()> mend) {
  ++lasting;
  events_.after(fault.time, [&lasting, mend = std::move(mend)] {
    if (--lasting == 0) mend();
  });
}

bool Breakages::break_postgres(const Fault& fault) {
  const auto connections = postgres_.connections();
  auto& lasting = lasting_[static_cast<std::size_t>(fault.kind)];
  switch (fault.kind) {
    case FaultKind::crash:
      postgres_.restart(fault.time);
      break;
    case FaultKind::terminate:
      terminate_one(fault.which);
      return connections > 0;
    case FaultKind::cut_connection:
      if (connections > 0) postgres_.cut_connection(fault.which % connections);
      return connections > 0;
    case FaultKind::cancel:
      return cancel_one(fault.which);
    case FaultKind::read_only:
      postgres_.set_read_only(true);
      last(lasting, fault, [this] { postgres_.set_read_only(false); });
      break;
    case FaultKind::silence:
      postgres_.silence(fault.time);
      break;
    case FaultKind::delay_answers:
      postgres_.delay_answers(fault.time);
      break;
    case FaultKind::stall_disk:
      postgres_.stall_disk(fault.time);
      break;
    case FaultKind::slow_disk:
      postgres_.set_disk(std::chrono::milliseconds(20), std::chrono::milliseconds(120));
      last(lasting, fault, [this] { postgres_.set_disk(model_.disk.min, model_.disk.max); });
      break;
    case FaultKind::refuse_connections:
      postgres_.refuse_connections(true);
      terminate_one(fault.which);
      last(lasting, fault, [this] { postgres_.refuse_connections(false); });
      break;
    case FaultKind::too_many_connections:
      postgres_.set_max_connections(1);
      terminate_one(fault.which);
      last(lasting, fault, [this] { postgres_.set_max_connections(model_.max_connections); });
      break;
    case FaultKind::cut_client:
    case FaultKind::vanish_client:
      return false;
  }
  return true;
}

}  // namespace troupe::world
