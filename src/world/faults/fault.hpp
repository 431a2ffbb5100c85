#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "support/random.hpp"
#include "support/time.hpp"

namespace troupe::world {

/// What can break.
enum class FaultKind : std::uint8_t {
  crash,                 ///< PostgreSQL's processes die, and come back after a time
  terminate,             ///< one of its connections is ended
  cut_connection,        ///< one of its connections breaks, somewhere in the bytes on their way
  cancel,                ///< a running statement is cancelled
  read_only,             ///< it takes no writes
  silence,               ///< it answers nobody
  delay_answers,         ///< what it answers does not arrive
  stall_disk,            ///< no commit ends
  slow_disk,             ///< commits take long
  refuse_connections,    ///< nobody is let in
  too_many_connections,  ///< only one is let in
  cut_client,            ///< a client's connection is reset
  vanish_client,         ///< a client is gone without a word
};
constexpr std::size_t fault_kinds = 13;

/// One thing that breaks.
struct Fault {
  Duration at{};  ///< after the beginning
  FaultKind kind = FaultKind::crash;
  std::uint64_t which = 0;  ///< connection or client, modulo how many there are
  Duration time{};          ///< how long it lasts
};

/// The faults of a seed within `time`, in their order. Some seeds have none.
std::vector<Fault> schedule(std::uint64_t seed, Duration time);

/// "crash", "cut client": for people.
const char* name_of(FaultKind kind);
/// "at 1.250 s: cut client 3": for people.
std::string to_text(const Fault& fault);

}  // namespace troupe::world
