#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace troupe::sim {

/// Where a request is inside our own server, in the order in which it gets there.
enum class RequestStage : std::uint8_t {
  parse,      ///< its bytes are read; over HTTP only
  mailbox,    ///< its command is on the way to a database actor
  pool,       ///< its command waits for a connection
  sql,        ///< PostgreSQL works on it
  serialize,  ///< its answer is written; over HTTP only
};

/// In the order of the enum, as result files and CSV columns have them.
inline constexpr std::array<std::string_view, 5> request_stage_names{"parse", "mailbox", "pool", "sql",
                                                                     "serialize"};

constexpr std::string_view to_string(RequestStage stage) {
  return request_stage_names[static_cast<std::size_t>(stage)];
}
/// For report/struct_json.
constexpr std::span<const std::string_view> names_of(RequestStage) {
  return request_stage_names;
}

}  // namespace troupe::sim
