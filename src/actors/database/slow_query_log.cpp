#include "actors/database/slow_query_log.hpp"

#include <spdlog/spdlog.h>

#include <string>

namespace troupe::actors {

namespace {

std::string_view kind_name(CommandKind kind) {
  switch (kind) {
    case CommandKind::read:
      return "read of";
    case CommandKind::create:
      return "create in";
    case CommandKind::change:
      return "change in";
    case CommandKind::replace:
      return "replacement in";
    case CommandKind::put:
      return "put into";
    case CommandKind::remove:
      return "removal from";
    case CommandKind::list:
      return "list of";
    case CommandKind::call:
    case CommandKind::write_call:
      return "query";
    case CommandKind::ping:
      break;
  }
  return "ping";
}

std::string name_of(const Command& command) {
  std::string name(kind_name(command.kind));
  if (command.called != nullptr) return name + ' ' + command.called->query.name;
  return command.resource != nullptr ? name + ' ' + command.resource->resource.name : name;
}

}  // namespace

void log_slow(LogLimiter& limiter, const Batch& batch, Duration took, std::size_t rows, bool refused,
              TimePoint now) {
  const auto name = name_of(batch.first());
  const auto left_out = limiter.admit(name, now);
  if (!left_out) return;
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  spdlog::warn("slow statement: {} took {} ms, for {} commands, {}{}", name, ms, batch.commands.size(),
               refused ? "and was refused" : std::to_string(rows) + " rows", *left_out);
}

}  // namespace troupe::actors
