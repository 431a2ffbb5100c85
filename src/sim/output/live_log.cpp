#include "sim/output/live_log.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace troupe::sim {
namespace {

namespace fs = std::filesystem;
using postgres::FileDescriptor;

constexpr std::string_view log_begin = "{\"second\":";

Error log_fault(ErrorCode code, std::string_view path, std::string_view why) {
  return {code, fmt::format("cannot write {}: {}", path, why)};
}

std::string system_text(int error_number) {
  return std::generic_category().message(error_number);
}

/// It holds what nobody asked to have overwritten.
bool holds_something_else(const std::string& path) {
  std::error_code absent;
  if (!fs::is_regular_file(path, absent) || fs::file_size(path, absent) == 0) return false;
  std::string begin(log_begin.size(), '\0');
  std::ifstream(path, std::ios::binary).read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return begin != log_begin;
}

}  // namespace

Result<LiveLog> LiveLog::create(const std::string& path) {
  constexpr auto refused = ErrorCode::invalid_argument;
  if (path == "-") {
    FileDescriptor out(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0));
    if (!out) return log_fault(refused, "standard output", system_text(errno));
    return LiveLog("standard output", std::move(out));
  }
  if (holds_something_else(path))
    return log_fault(refused, path, "it is there already, and is no log of a run (choose another path)");
  // Not waiting: a pipe that nobody reads would hold the run up for ever.
  FileDescriptor out(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK | O_CLOEXEC, 0666));
  std::error_code absent;
  if (!out && errno == ENXIO && fs::is_fifo(path, absent))
    return log_fault(refused, path, "nobody reads this pipe: begin its reader first");
  if (!out) return log_fault(refused, path, system_text(errno));
  return LiveLog(path, std::move(out));
}

Result<void> LiveLog::add(const SeriesPoint& point) {
  const auto line = log_line(point);
  for (std::string_view rest = line; !rest.empty();) {
    pollfd room{out_.get(), POLLOUT, 0};
    if (::poll(&room, 1, 0) == 0) return log_fault(ErrorCode::io, path_, "its reader does not keep up");
    const auto written = ::write(out_.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return log_fault(ErrorCode::io, path_, system_text(errno));
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::string log_line(const SeriesPoint& point) {
  const boost::json::object line{{"second", point.second},
                                 {"measured", point.measured},
                                 {"users", point.users},
                                 {"requests", point.requests},
                                 {"failed", point.failed},
                                 {"timed_out", point.timed_out},
                                 {"dropped", point.dropped},
                                 {"rate_per_s", point.rate_per_s},
                                 {"mean_us", point.mean.count()},
                                 {"p50_us", point.p50.count()},
                                 {"p95_us", point.p95.count()},
                                 {"p99_us", point.p99.count()},
                                 {"max_us", point.max.count()},
                                 {"requests_so_far", point.requests_so_far},
                                 {"failed_so_far", point.failed_so_far},
                                 {"content_bytes_so_far", point.content_bytes_so_far}};
  return boost::json::serialize(line) + "\n";
}

}  // namespace troupe::sim
