#include "support/log_line.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <catch2/catch.hpp>
#include <memory>
#include <sstream>

#include "support/log.hpp"

namespace {

/// Counts how often it is formatted.
struct Counted {
  int* times;
};

/// Lines go to `text` as "LEVEL MESSAGE" while this lives.
struct LogToText {
  LogToText() : before(spdlog::default_logger()) {
    auto logger = std::make_shared<spdlog::logger>("log_line_test",
                                                   std::make_shared<spdlog::sinks::ostream_sink_mt>(text));
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(std::move(logger));
  }
  ~LogToText() { spdlog::set_default_logger(before); }
  LogToText(const LogToText&) = delete;
  LogToText& operator=(const LogToText&) = delete;

  std::shared_ptr<spdlog::logger> before;
  std::ostringstream text;
};

}  // namespace

template <>
struct fmt::formatter<Counted> : fmt::formatter<int> {
  auto format(const Counted& counted, fmt::format_context& context) const {
    return fmt::formatter<int>::format(++*counted.times, context);
  }
};

using namespace troupe;

TEST_CASE("a line of the log has its level and its values", "[log]") {
  LogToText log;
  change_log_level({.level = "debug"});
  log_debug("{} of {}", 1, "four");
  log_info("{{}}");
  log_warn("{:.1f}", 2.25);
  log_error("{}", std::string("a\nb"));
  log_line(LogLevel::warn, "five");
  CHECK(log.text.str() == "debug 1 of four\ninfo {}\nwarning 2.2\nerror a\nb\nwarning five\n");
}

TEST_CASE("what the level leaves out is not even formatted", "[log]") {
  LogToText log;
  change_log_level({.level = "warn"});
  int times = 0;
  log_info("{}", Counted{&times});
  CHECK(times == 0);
  log_warn("{}", Counted{&times});
  CHECK(times == 1);
  CHECK(log.text.str() == "warning 1\n");
}
