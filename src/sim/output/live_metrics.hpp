#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "sim/measure/interval.hpp"
#include "sim/measure/run_statistics.hpp"
#include "sim/result/results.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// What a run tells of itself while it lasts, in Prometheus' text format (version 0.0.4): counters since its
/// start, by task, and the figures of the last second. Pure.
class MetricsText {
 public:
  explicit MetricsText(const std::vector<RunStatistics::TaskName>& tasks);

  void add(const Interval& interval);
  void add(const SeriesPoint& second) { last_ = second; }
  std::string text() const;

 private:
  struct Counters {
    std::string labels;
    std::uint64_t good = 0, failed = 0, dropped = 0, content_bytes = 0;
  };
  std::vector<Counters> tasks_;
  SeriesPoint last_;
};

/// Serves `GET /metrics` on a loopback port, from the thread that runs `loop`, which outlives it. A client
/// has five seconds; 16 at most are served at a time, and a further one takes the place of the one that has
/// been there longest.
class LiveMetrics {
 public:
  /// Port 0: a free one. Error: invalid_argument, when the port cannot be had.
  static Result<std::unique_ptr<LiveMetrics>> listen(boost::asio::io_context& loop, std::uint16_t port,
                                                     const std::vector<RunStatistics::TaskName>& tasks);
  ~LiveMetrics();

  MetricsText& figures() { return figures_; }
  std::uint16_t port() const { return port_; }

 private:
  struct Client;
  LiveMetrics(boost::asio::ip::tcp::acceptor acceptor, const std::vector<RunStatistics::TaskName>& tasks);
  void accept();
  void serve(boost::asio::ip::tcp::socket socket);

  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;
  MetricsText figures_;
  std::shared_ptr<LiveMetrics*> there_;        ///< null in it: gone; handlers may run after that
  std::deque<std::weak_ptr<Client>> clients_;  ///< in the order they came
};

}  // namespace troupe::sim
