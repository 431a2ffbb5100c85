#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace troupe::sim {

/// Where a request is, in the order in which it gets there: inside our own server, or, as users see it, on
/// its way to another one.
enum class RequestStage : std::uint8_t {
  parse,      ///< its bytes are read; over HTTP only
  mailbox,    ///< its command is on the way to a database actor
  pool,       ///< its command waits for a connection
  sql,        ///< PostgreSQL works on it
  serialize,  ///< its answer is written; over HTTP only
  connect,    ///< its connection is opened, from the look at an address to the server's acceptance
  tls,        ///< TLS is agreed upon; https only
  wait,       ///< it is on its way, and nothing of its answer has come
  transfer,   ///< its answer comes, from the first byte to the last
};

/// In the order of the enum, as result files and CSV columns have them.
inline constexpr std::array<std::string_view, 9> request_stage_names{
    "parse", "mailbox", "pool", "sql", "serialize", "connect", "tls", "wait", "transfer"};

/// It is one of another server's, as users see it.
constexpr bool is_seen_from_outside(RequestStage stage) {
  return stage >= RequestStage::connect;
}

constexpr std::string_view to_string(RequestStage stage) {
  return request_stage_names[static_cast<std::size_t>(stage)];
}
/// For report/struct_json.
constexpr std::span<const std::string_view> names_of(RequestStage) {
  return request_stage_names;
}

}  // namespace troupe::sim
