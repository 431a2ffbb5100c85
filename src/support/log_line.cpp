#include "support/log_line.hpp"

#include <spdlog/spdlog.h>

namespace troupe {
namespace {

spdlog::level::level_enum of_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

}  // namespace

void write_log_line(LogLevel level, fmt::string_view text, fmt::format_args values) {
  auto* logger = spdlog::default_logger_raw();
  const auto at = of_spdlog(level);
  if (logger->should_log(at)) logger->log(at, spdlog::string_view_t(fmt::vformat(text, values)));
}

}  // namespace troupe
