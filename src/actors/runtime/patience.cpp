#include "actors/runtime/patience.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <system_error>

namespace troupe::actors {

namespace {

constexpr Duration between_looks = std::chrono::milliseconds(250);
constexpr Duration eager_time = std::chrono::seconds(10);
// Of a saturated server, whose database and clients share its cores: 1. Beside two busy processes: 4.
constexpr int most_waited = 2;
// Less says nothing: a thread that hardly ran.
constexpr Duration enough = std::chrono::milliseconds(5);

bool set_policy(bool patient) {
  const sched_param none{};
  const int error = ::pthread_setschedparam(::pthread_self(), patient ? SCHED_BATCH : SCHED_OTHER, &none);
  if (error != 0)
    spdlog::warn("workers stay eager, since the system refuses: {}", std::generic_category().message(error));
  return error == 0;
}

}  // namespace

bool has_strangers(const CoreTime& meanwhile) {
  return meanwhile.waited >= enough && meanwhile.waited > meanwhile.ran * most_waited;
}

Patience::Patience(Wakeups wanted) {
  if (wanted == Wakeups::automatic) {
    statistics_ = Descriptor(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC));
    if (!statistics_.is_open()) return;  // who cannot look stays eager: nobody waits then
  }
  patient_ = wanted != Wakeups::eager && set_policy(true);
  if (patient_ && statistics_.is_open()) {
    seen_ = core_time();
    next_look_ = TimePoint::min();
  }
}

void Patience::look_at_cores(TimePoint now) {
  const auto before = seen_;
  seen_ = core_time();
  if (patient_ && has_strangers({seen_.ran - before.ran, seen_.waited - before.waited})) {
    patient_ = !set_policy(false);
    next_look_ = now + eager_time;
    return;
  }
  patient_ = patient_ || set_policy(true);
  next_look_ = now + between_looks;
}

CoreTime Patience::core_time() const {
  std::array<char, 96> text{};
  unsigned long long ran = 0, waited = 0;
  const auto size = ::pread(statistics_.number(), text.data(), text.size() - 1, 0);
  if (size <= 0 || std::sscanf(text.data(), "%llu %llu", &ran, &waited) != 2) return seen_;
  return {std::chrono::nanoseconds(ran), std::chrono::nanoseconds(waited)};
}

}  // namespace troupe::actors
