#include "support/log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

#include "support/clean_text.hpp"

namespace troupe {

namespace {

/// What a line says, whoever made it up: names and messages of strangers come into it, and none of them may
/// begin a line of its own or order a terminal about.
class CleanMessage final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& line) override {
    const auto text = clean_line({message.payload.data(), message.payload.size()});
    line.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<spdlog::custom_flag_formatter> clone() const override {
    return std::make_unique<CleanMessage>();
  }
};

}  // namespace

void start_log(const LogSettings& settings) {
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();  // colours: only on a terminal
  auto logger = std::make_shared<spdlog::logger>("troupe", std::move(sink));
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<CleanMessage>('*').set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %*");
  logger->set_formatter(std::move(formatter));
  logger->set_level(spdlog::level::from_str(settings.level));
  spdlog::set_default_logger(std::move(logger));
}

void change_log_level(const LogSettings& settings) {
  spdlog::default_logger_raw()->set_level(spdlog::level::from_str(settings.level));
}

void log_without_times() {
  spdlog::set_pattern("              [%l] %v");
}

}  // namespace troupe
