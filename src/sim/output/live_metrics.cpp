#include "sim/output/live_metrics.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

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
  const auto head = [&](std::string_view name, std::string_view type, std::string_view help) {
    out += fmt::format("# HELP troupe_simulate_{0} {2}\n# TYPE troupe_simulate_{0} {1}\n", name, type, help);
  };
  head("requests_total", "counter", "Requests answered since the start of the run, good and failed.");
  for (const auto& task : tasks_) {
    out += fmt::format("troupe_simulate_requests_total{{{},outcome=\"good\"}} {}\n", task.labels, task.good);
    out +=
        fmt::format("troupe_simulate_requests_total{{{},outcome=\"failed\"}} {}\n", task.labels, task.failed);
  }
  head("dropped_total", "counter", "Arrivals that were never sent.");
  for (const auto& task : tasks_)
    out += fmt::format("troupe_simulate_dropped_total{{{}}} {}\n", task.labels, task.dropped);
  head("content_bytes_total", "counter", "Bytes of all answers' bodies.");
  for (const auto& task : tasks_)
    out += fmt::format("troupe_simulate_content_bytes_total{{{}}} {}\n", task.labels, task.content_bytes);
  head("users", "gauge", "Virtual users alive at the end of the last second.");
  out += fmt::format("troupe_simulate_users {}\n", last_.users);
  head("response_seconds", "gauge",
       "Response time of the last second's good answers, from the intended start.");
  const std::pair<const char*, Micros> quantiles[] = {
      {"0.5", last_.p50}, {"0.95", last_.p95}, {"0.99", last_.p99}, {"1", last_.max}};
  for (const auto& [quantile, value] : quantiles)
    out += fmt::format("troupe_simulate_response_seconds{{quantile=\"{}\"}} {}\n", quantile,
                       Seconds(value).count());
  return out;
}

/// One request and its answer.
struct LiveMetrics::Client : std::enable_shared_from_this<LiveMetrics::Client> {
  Client(tcp::socket client, std::shared_ptr<LiveMetrics*> owner)
      : socket(std::move(client)), limit(socket.get_executor()), there(std::move(owner)) {
    parser.header_limit(longest_head);
    parser.body_limit(0);
  }

  void serve() {
    limit.expires_after(longest_exchange);
    limit.async_wait([client = weak_from_this()](error_code ec) {
      if (const auto self = client.lock(); self && !ec) self->end();
    });
    read();
  }

  // Beast's streams, and its own reading and writing of messages, are of a generality that takes ten seconds
  // to compile.
  void read() {
    const auto space = buffer.prepare(longest_head);
    socket.async_read_some(space, [self = shared_from_this()](error_code ec, std::size_t size) {
      if (ec) return;
      self->buffer.commit(size);
      self->buffer.consume(self->parser.put(self->buffer.data(), ec));
      if (ec == http::error::need_more) return self->read();
      if (!ec && *self->there != nullptr) self->answer((*self->there)->figures_);
    });
  }

  void answer(const MetricsText& figures) {
    const auto& request = parser.get();
    const bool known = request.target() == "/metrics" && request.method() == http::verb::get;
    const auto body = known ? figures.text() : std::string("GET /metrics is all there is here\n");
    response = fmt::format(
        "HTTP/1.1 {}\r\nContent-Type: text/plain{}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
        known ? "200 OK" : "404 Not Found", known ? "; version=0.0.4" : "", body.size(), body);
    const auto written = [self = shared_from_this()](error_code ec, std::size_t) {
      self->socket.shutdown(tcp::socket::shutdown_both, ec);  // the client may have gone: no matter
    };
    boost::asio::async_write(socket, boost::asio::buffer(response), written);
  }

  /// What is under way is told operation_aborted.
  void end() {
    error_code ec;
    socket.close(ec);  // closed it is, whatever came of it
  }

  tcp::socket socket;
  boost::asio::steady_timer limit;
  std::shared_ptr<LiveMetrics*> there;
  boost::beast::flat_buffer buffer;
  http::request_parser<http::empty_body> parser;
  std::string response;
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
    if (const auto oldest = clients_.front().lock()) oldest->end();
    clients_.pop_front();
  }
  const auto client = std::make_shared<Client>(std::move(socket), there_);
  clients_.push_back(client);
  client->serve();
}

}  // namespace troupe::sim
