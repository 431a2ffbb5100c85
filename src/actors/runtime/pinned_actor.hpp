#pragma once

#include <caf/event_based_actor.hpp>

#include "actors/runtime/worker.hpp"

namespace troupe::actors {

/// An actor that lives on one worker: whoever sends to it, it is resumed at home. With one of CAF's own
/// schedulers (`home_runs_actors` false) it still has a home for its sockets and timers, but CAF decides
/// where it runs.
class PinnedActor : public caf::event_based_actor {
 public:
  PinnedActor(caf::actor_config& config, Worker& home, bool home_runs_actors)
      : caf::event_based_actor(config), home_(home), unit_(home_runs_actors ? &home : nullptr) {}

  using caf::event_based_actor::enqueue;
  void enqueue(caf::mailbox_element_ptr element, caf::execution_unit* sender_unit) override {
    caf::event_based_actor::enqueue(std::move(element), unit_for(sender_unit));
  }

  void launch(caf::execution_unit* unit, bool lazy, bool hide) override {
    caf::event_based_actor::launch(unit_for(unit), lazy, hide);
  }

 protected:
  Worker& home() { return home_; }

 private:
  // With CAF's own scheduler a sender may still run on a worker (a virtual user always does): its unit must
  // not draw the receiver there.
  caf::execution_unit* unit_for(caf::execution_unit* sender_unit) const {
    if (unit_ != nullptr) return unit_;
    return sender_unit == Worker::current() ? nullptr : sender_unit;
  }

  Worker& home_;
  caf::execution_unit* unit_;
};

}  // namespace troupe::actors
