#include "actors/database/slow_query_log.hpp"

#include <string>
#include <string_view>
#include <variant>

#include "support/log_line.hpp"

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

void SlowQueryLog::tell(const Batch& batch, const postgres::Completion& completion, Duration took,
                        TimePoint now) {
  if (batch.kind() == CommandKind::ping) return;
  const auto name = name_of(batch.first());
  const auto left_out = limiter_.admit(name, now);
  if (!left_out) return;
  const auto* rows = std::get_if<postgres::Rows>(&completion.outcome);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  log_warn("slow statement: {} took {} ms, for {} commands, {}{}", name, ms, batch.commands.size(),
           rows == nullptr ? "and was refused" : std::to_string(rows->count()) + " rows", *left_out);
}

}  // namespace troupe::actors
