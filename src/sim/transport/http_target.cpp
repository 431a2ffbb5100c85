#include "sim/transport/http_target.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>
#include <boost/url/parse.hpp>

namespace troupe::sim {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Response = http::response<http::string_body>;

Error usage(std::string_view url, std::string_view why) {
  return {ErrorCode::invalid_argument, fmt::format("target '{}' {}", url, why)};
}

Error unreachable(std::string_view url, std::string_view why) {
  return {ErrorCode::unavailable, fmt::format("cannot reach the target {}: {}", url, why)};
}

std::string why(const error_code& error) {
  return error == boost::beast::error::timeout ? "no answer in time" : error.message();
}

/// One GET on a connection of its own.
class Probe : public std::enable_shared_from_this<Probe> {
 public:
  Probe(asio::io_context& io, const HttpTarget& target, const std::string& path) : stream_(io) {
    request_ = {http::verb::get, target.prefix + path, 11};
    request_.set(http::field::host, target.authority);
    request_.set(http::field::accept, "application/json");
    request_.set(http::field::connection, "close");
  }
  void start(const tcp::endpoint& endpoint, std::chrono::milliseconds timeout) {
    stream_.expires_after(timeout);
    stream_.async_connect(endpoint, [self = shared_from_this()](error_code ec) {
      if (self->failed(ec)) return;
      http::async_write(self->stream_, self->request_, [self](error_code failed, std::size_t) {
        if (self->failed(failed)) return;
        http::async_read(self->stream_, self->buffer_, self->response,
                         [self](error_code last, std::size_t) { self->failed(last); });
      });
    });
  }
  error_code error;
  Response response;

 private:
  bool failed(error_code ec) {
    error = ec;
    return bool(ec);
  }
  boost::beast::tcp_stream stream_;
  http::request<http::empty_body> request_;
  boost::beast::flat_buffer buffer_;
};

}  // namespace

Result<HttpTarget> find_target(std::string_view text, std::chrono::milliseconds timeout) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed) return usage(text, "is not a URL (write http://HOST:PORT)");
  const auto& url = *parsed;
  if (url.scheme_id() == boost::urls::scheme::https) {
    return usage(text, "uses https, which the load generator does not speak: aim at a plain http port");
  }
  if (url.scheme_id() != boost::urls::scheme::http || url.host().empty()) {
    return usage(text, "is not an http URL (write http://HOST:PORT)");
  }
  if (url.has_query() || url.has_fragment() || url.has_userinfo()) {
    return usage(text, "may hold a host, a port and a path only");
  }
  HttpTarget target;
  target.url = text;
  target.authority = std::string(url.encoded_host_and_port());
  target.prefix = std::string(url.encoded_path());
  while (target.prefix.ends_with('/')) target.prefix.pop_back();

  asio::io_context io;
  error_code error;
  const auto port = url.has_port() ? std::string(url.port()) : "80";
  const auto found = tcp::resolver(io).resolve(std::string(url.host_address()), port, error);
  if (error) return unreachable(text, error.message());
  boost::beast::tcp_stream stream(io);
  stream.expires_after(timeout);
  stream.async_connect(found, [&](error_code ec, const tcp::endpoint& endpoint) {
    error = ec;
    target.endpoint = endpoint;
  });
  io.run();
  if (error) return unreachable(text, why(error));
  return target;
}

Result<void> check_items_api(const HttpTarget& target, const Scenario& scenario,
                             std::chrono::milliseconds timeout) {
  const auto own_requests = [](const Task& task) { return task.operation == Operation::request; };
  if (std::ranges::all_of(scenario.tasks, own_requests) && scenario.existing_items == 0 &&
      scenario.items_per_user.value_or(0) == 0)
    return {};
  const auto path = scenario.collection_path + "?limit=1";
  asio::io_context io;
  const auto probe = std::make_shared<Probe>(io, target, path);
  probe->start(target.endpoint, timeout);
  io.run();
  if (probe->error) return unreachable(target.url, why(probe->error));
  const auto& response = probe->response;
  error_code not_json;
  const auto body = boost::json::parse(response.body(), not_json);
  if (response.result_int() / 100 == 2 && !not_json && body.is_array()) return {};
  const auto got = response.result_int() / 100 != 2 ? fmt::format("status {}", response.result_int())
                   : not_json                       ? std::string("a body that is not JSON")
                                                    : std::string("JSON that is no array");
  return Error{
      ErrorCode::unavailable,
      fmt::format("{} is not the items API: GET {}{} should answer 2xx with a JSON array, and answered {} "
                  "(other routes: a scenario with [paths])",
                  target.url, target.prefix, path, got)};
}

}  // namespace troupe::sim
