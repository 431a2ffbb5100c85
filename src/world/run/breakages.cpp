#include "world/run/breakages.hpp"

namespace troupe::world {

void Breakages::happen(const Fault& fault) {
  if (fault.kind == FaultKind::cut_client || fault.kind == FaultKind::vanish_client)
    return break_client(fault);
  break_postgres(fault);
}

void Breakages::break_client(const Fault& fault) {
  auto* link = clients_[fault.which % clients_.size()]->link();
  if (link == nullptr) return;
  fault.kind == FaultKind::cut_client ? link->cut() : link->vanish();
}

// What lasts is mended by the last of its kind.
void Breakages::break_postgres(const Fault& fault) {
  const auto connections = postgres_.connections();
  const auto which = connections == 0 ? 0 : fault.which % connections;
  switch (fault.kind) {
    case FaultKind::crash:
      return postgres_.restart(fault.time);
    case FaultKind::terminate:
      return postgres_.terminate_connection(which);
    case FaultKind::cut_connection:
      return postgres_.cut_connection(which);
    case FaultKind::cancel:
      postgres_.cancel_statement(which);
      return;
    case FaultKind::read_only:
      ++read_only_;
      postgres_.set_read_only(true);
      return events_.after(fault.time, [this] { postgres_.set_read_only(--read_only_ != 0); });
    case FaultKind::silence:
      return postgres_.silence(fault.time);
    case FaultKind::delay_answers:
      return postgres_.delay_answers(fault.time);
    case FaultKind::stall_disk:
      return postgres_.stall_disk(fault.time);
    case FaultKind::slow_disk:
      postgres_.set_disk(std::chrono::milliseconds(20), std::chrono::milliseconds(120));
      return events_.after(fault.time, [this] { postgres_.set_disk(model_.disk.min, model_.disk.max); });
    case FaultKind::refuse_connections:
      ++refusing_;
      postgres_.refuse_connections(true);
      return events_.after(fault.time, [this] { postgres_.refuse_connections(--refusing_ != 0); });
    case FaultKind::too_many_connections:
      postgres_.set_max_connections(1);
      return events_.after(fault.time, [this] { postgres_.set_max_connections(model_.max_connections); });
    case FaultKind::cut_client:
    case FaultKind::vanish_client:
      break;
  }
}

}  // namespace troupe::world
