#include "sim/output/live_metrics.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <catch2/catch.hpp>
#include <thread>

#include "helpers/http_client.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::sim;
using namespace troupe::tests;
using Catch::Contains;

namespace {

const std::vector<RunStatistics::TaskName> tasks{{"get", "GET", 1}, {"odd \"name\"\n\\", "POST", 0}};

Interval some_interval() {
  Interval interval;
  interval.tasks.resize(2);
  interval.tasks[0].ok = 7;
  interval.tasks[0].failed = 2;
  interval.tasks[0].content_bytes = 700;
  interval.tasks[1].dropped = 3;
  return interval;
}

/// A responder with a thread that runs its loop, as a run does.
struct MetricsBench {
  boost::asio::io_context loop;
  std::unique_ptr<LiveMetrics> metrics = LiveMetrics::listen(loop, 0, tasks).value();
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{loop.get_executor()};
  std::thread thread{[this] { loop.run(); }};
  ~MetricsBench() {
    loop.stop();
    thread.join();
  }
};

}  // namespace

TEST_CASE("counters grow with each interval, labels are escaped, and the last second is told") {
  MetricsText figures(tasks);
  figures.add(some_interval());
  figures.add(some_interval());
  SeriesPoint second;
  second.users = 12;
  second.p99 = 1500us;
  figures.add(second);
  CHECK_THAT(
      figures.text(),
      Contains("# TYPE troupe_simulate_requests_total counter\n") &&
          Contains("troupe_simulate_requests_total{task=\"get\",method=\"GET\",outcome=\"good\"} 14\n") &&
          Contains("troupe_simulate_requests_total{task=\"get\",method=\"GET\",outcome=\"failed\"} 4\n") &&
          Contains("troupe_simulate_dropped_total{task=\"odd \\\"name\\\"\\n\\\\\",method=\"POST\"} 6\n") &&
          Contains("troupe_simulate_content_bytes_total{task=\"get\",method=\"GET\"} 1400\n") &&
          Contains("troupe_simulate_users 12\n") &&
          Contains("troupe_simulate_response_seconds{quantile=\"0.99\"} 0.0015\n"));
}

TEST_CASE("GET /metrics is answered while the loop runs, and nothing else is there") {
  MetricsBench bench;
  CHECK(HttpClient(bench.metrics->port()).ask("GET", "/metrics").status == 200);
  const auto answer = HttpClient(bench.metrics->port()).ask("GET", "/metrics");
  CHECK(answer.field("Content-Type") == "text/plain; version=0.0.4");
  CHECK_THAT(answer.body, Contains("troupe_simulate_users 0\n"));
  CHECK(HttpClient(bench.metrics->port()).ask("GET", "/").status == 404);
  CHECK(HttpClient(bench.metrics->port()).ask("DELETE", "/metrics").status == 404);
}

TEST_CASE("clients that say nothing keep nobody out, have five seconds, and may outlive the responder") {
  auto bench = std::make_unique<MetricsBench>();
  std::vector<HttpClient> silent;
  for (int i = 0; i < 20; ++i) silent.emplace_back(bench->metrics->port());
  CHECK(HttpClient(bench->metrics->port()).ask("GET", "/metrics").status == 200);
  CHECK(silent.front().closed_by_peer());  // those who were there longest made room
  CHECK(silent.back().closed_by_peer());   // after its five seconds
  silent.emplace_back(bench->metrics->port());
  bench.reset();
}

TEST_CASE("a port that is taken is a fault with the way out") {
  const MetricsBench bench;
  boost::asio::io_context loop;
  const auto again = LiveMetrics::listen(loop, bench.metrics->port(), tasks);
  REQUIRE_FALSE(again.has_value());
  CHECK_THAT(again.error().message, Contains("--metrics-port") && Contains("or 0 for a free one"));
}
