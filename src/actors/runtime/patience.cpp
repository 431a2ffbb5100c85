#include "actors/runtime/patience.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <system_error>

#include "support/log_line.hpp"

namespace troupe::actors {

namespace {

constexpr Duration between_looks = std::chrono::milliseconds(250);
// Of a saturated server, whose database and clients share its cores: 1. Beside two busy processes: 4.
constexpr int most_waited = 2;
// Less says nothing: a thread that hardly ran.
constexpr Duration enough = std::chrono::milliseconds(5);
// A fifth of a core: it has work of its own to gather.
constexpr Duration busy = between_looks / 5;

}  // namespace

bool should_be_patient(bool patient, const CoreTime& meanwhile) {
  if (meanwhile.waited >= enough && meanwhile.waited > meanwhile.ran * most_waited) return false;
  return patient || meanwhile.ran >= busy;
}

Patience::Patience(Wakeups wanted, TimePoint now) {
  if (wanted == Wakeups::automatic) {
    statistics_ = Descriptor(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC));
    if (!statistics_.is_open()) return;  // who cannot look stays eager: nobody waits then
  }
  set(wanted != Wakeups::eager);
  if (!statistics_.is_open()) return;
  seen_ = core_time();
  next_look_ = now + between_looks;
}

void Patience::set(bool patient) {
  if (patient == patient_) return;
  const sched_param none{};
  const int error = ::pthread_setschedparam(::pthread_self(), patient ? SCHED_BATCH : SCHED_OTHER, &none);
  if (error == 0) {
    patient_ = patient;
    return;
  }
  next_look_ = TimePoint::max();  // it will not be asked again
  log_warn("workers stay {}, since the system refuses: {}", patient_ ? "patient" : "eager",
           std::generic_category().message(error));
}

void Patience::look_at_cores(TimePoint now) {
  const auto before = seen_;
  seen_ = core_time();
  next_look_ = now + between_looks;
  set(should_be_patient(patient_, {seen_.ran - before.ran, seen_.waited - before.waited}));
}

CoreTime Patience::core_time() const {
  std::array<char, 96> text{};
  unsigned long long ran = 0, waited = 0;
  const auto size = ::pread(statistics_.number(), text.data(), text.size() - 1, 0);
  if (size <= 0 || std::sscanf(text.data(), "%llu %llu", &ran, &waited) != 2) return seen_;
  return {std::chrono::nanoseconds(ran), std::chrono::nanoseconds(waited)};
}

}  // namespace troupe::actors
