#include "sim/output/live_log.hpp"

#include <spdlog/fmt/fmt.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>

namespace troupe::sim {

Result<LiveLog> LiveLog::create(const std::filesystem::path& path) {
  LiveLog log(path, std::ofstream(path, std::ios::binary | std::ios::trunc));
  if (!log.out_) return log.fault(ErrorCode::invalid_argument);
  return log;
}

Result<void> LiveLog::add(const SeriesPoint& point) {
  out_ << log_line(point) << std::flush;
  if (!out_) return fault(ErrorCode::io);
  return {};
}

Error LiveLog::fault(ErrorCode code) const {
  return {code, fmt::format("cannot write {}: {}", path_.string(), std::strerror(errno))};
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
