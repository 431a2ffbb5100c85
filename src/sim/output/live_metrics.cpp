#include "sim/output/live_metrics.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <iterator>

namespace troupe::sim {
namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::seconds longest_exchange{5};
constexpr std::size_t most_clients = 16;
constexpr std::size_t longest_head = 8 * 1024;

/// A label's value: the text format's own escapes.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    c == '\n' ? void(out += "\\n") : void(out += c);
  }
  return out;
}

}  // namespace

MetricsText::MetricsText(const std::vector<RunStatistics::TaskName>& tasks) {
  for (const auto& task : tasks)
    tasks_.push_back({fmt::format("task=\"{}\",method=\"{}\"", escaped(task.name), escaped(task.method))});
}

void MetricsText::add(const Interval& interval) {
  for (std::size_t i = 0; i < std::min(tasks_.size(), interval.tasks.size()); ++i) {
    auto& counters = tasks_[i];
    const auto& task = interval.tasks[i];
    counters.good += task.ok;
    counters.failed += task.failed;
    counters.dropped += task.dropped;
    counters.content_bytes += task.content_bytes;
  }
}

std::string MetricsText::text() const {
  std::string out;
  const auto to = std::back_inserter(out);
  const auto head = [&](std::string_view name, std::string_view type, std::string_view help) {
    fmt::format_to(to, "# HELP troupe_simulate_{0} {2}\n# TYPE troupe_simulate_{0} {1}\n", name, type, help);
  };
  head("requests_total", "counter", "Requests answered since the start of the run, good and failed.");
  for (const auto& task : tasks_) {
    fmt::format_to(to, "troupe_simulate_requests_total{{{},outcome=\"good\"}} {}\n", task.labels, task.good);
    fmt::format_to(to, "troupe_simulate_requests_total{{{},outcome=\"failed\"}} {}\n", task.labels,
                   task.failed);
  }
  head("dropped_total", "counter", "Arrivals that were never sent.");
  for (const auto& task : tasks_)
    fmt::format_to(to, "troupe_simulate_dropped_total{{{}}} {}\n", task.labels, task.dropped);
  head("content_bytes_total", "counter", "Bytes of all answers' bodies.");
  for (const auto& task : tasks_)
    fmt::format_to(to, "troupe_simulate_content_bytes_total{{{}}} {}\n", task.labels, task.content_bytes);
  head("users", "gauge", "Virtual users alive at the end of the last second.");
  fmt::format_to(to, "troupe_simulate_users {}\n", last_.users);
  head("response_seconds", "gauge",
       "Response time of the last second's good answers, from the intended start.");
  const std::pair<const char*, Micros> quantiles[] = {
      {"0.5", last_.p50}, {"0.95", last_.p95}, {"0.99", last_.p99}, {"1", last_.max}};
  for (const auto& [quantile, value] : quantiles)
    fmt::format_to(to, "troupe_simulate_response_seconds{{quantile=\"{}\"}} {}\n", quantile,
                   Seconds(value).count());
  return out;
}

/// One request and its answer.
struct LiveMetrics::Client : std::enable_shared_from_this<LiveMetrics::Client> {
  Client(tcp::socket socket, std::shared_ptr<LiveMetrics*> owner)
      : stream(std::move(socket)), there(std::move(owner)) {
    parser.header_limit(longest_head);
    parser.body_limit(0);
  }

  void serve() {
    stream.expires_after(longest_exchange);
    http::async_read_header(stream, buffer, parser, [self = shared_from_this()](error_code ec, std::size_t) {
      if (!ec && *self->there != nullptr) self->answer((*self->there)->figures_);
    });
  }

  void answer(const MetricsText& figures) {
    const auto& request = parser.get();
    const bool known = request.target() == "/metrics" && request.method() == http::verb::get;
    response.result(known ? http::status::ok : http::status::not_found);
    response.set(http::field::content_type, known ? "text/plain; version=0.0.4" : "text/plain");
    response.body() = known ? figures.text() : "GET /metrics is all there is here\n";
    response.keep_alive(false);
    response.prepare_payload();
    http::async_write(stream, response, [self = shared_from_this()](error_code ec, std::size_t) {
      self->stream.socket().shutdown(tcp::socket::shutdown_both, ec);  // the client may have gone: no matter
    });
  }

  boost::beast::tcp_stream stream;
  std::shared_ptr<LiveMetrics*> there;
  boost::beast::flat_buffer buffer;
  http::request_parser<http::empty_body> parser;
  http::response<http::string_body> response;
};

Result<std::unique_ptr<LiveMetrics>> LiveMetrics::listen(boost::asio::io_context& loop, std::uint16_t port,
                                                         const std::vector<RunStatistics::TaskName>& tasks) {
  tcp::acceptor acceptor(loop);
  error_code error;
  const tcp::endpoint place(boost::asio::ip::address_v4::loopback(), port);
  acceptor.open(place.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(place, error);
  if (!error) acceptor.listen(boost::asio::socket_base::max_listen_connections, error);
  if (error) {
    return Error{
        ErrorCode::invalid_argument,
        fmt::format("--metrics-port {}: {}: give another port, or 0 for a free one", port, error.message())};
  }
  return std::unique_ptr<LiveMetrics>(new LiveMetrics(std::move(acceptor), tasks));
}

LiveMetrics::LiveMetrics(tcp::acceptor acceptor, const std::vector<RunStatistics::TaskName>& tasks)
    : acceptor_(std::move(acceptor)),
      port_(acceptor_.local_endpoint().port()),
      figures_(tasks),
      there_(std::make_shared<LiveMetrics*>(this)) {
  accept();
}

LiveMetrics::~LiveMetrics() {
  *there_ = nullptr;
}

void LiveMetrics::accept() {
  acceptor_.async_accept([this, there = there_](error_code ec, tcp::socket socket) {
    if (*there == nullptr || ec == boost::asio::error::operation_aborted) return;
    if (!ec) serve(std::move(socket));
    accept();
  });
}

/// Who says nothing must not keep out who asks: an exchange is over long before sixteen others have come.
void LiveMetrics::serve(tcp::socket socket) {
  std::erase_if(clients_, [](const auto& client) { return client.expired(); });
  if (clients_.size() == most_clients) {
    if (const auto oldest = clients_.front().lock()) oldest->stream.close();
    clients_.pop_front();
  }
  const auto client = std::make_shared<Client>(std::move(socket), there_);
  clients_.push_back(client);
  client->serve();
}

}  // namespace troupe::sim
