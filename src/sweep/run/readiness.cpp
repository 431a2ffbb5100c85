#include "sweep/run/readiness.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/url/parse.hpp>
#include <memory>
#include <thread>

namespace troupe::sweep {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = TimePoint::clock;

// How soon Ctrl-C is heard, and how soon a service is asked again.
constexpr std::chrono::milliseconds look_every{20}, ask_every{50};
// One question: a service that is starting may take a connection and say nothing.
constexpr std::chrono::seconds longest_answer{2};

struct Place {
  std::string host, port, authority, path;
};

Result<Place> place_of(std::string_view text) {
  const auto fault = [&](std::string_view why) {
    return Error{ErrorCode::invalid_argument, fmt::format("--ready '{}' {}", text, why)};
  };
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed || parsed->host().empty()) return fault("is no URL: write http://HOST:PORT/PATH");
  if (parsed->scheme_id() != boost::urls::scheme::http)
    return fault("must be a plain http URL: http://HOST:PORT/PATH");
  if (parsed->has_userinfo()) return fault("must hold no user and password");
  auto path = std::string(parsed->encoded_path());
  if (path.empty()) path = "/";
  if (parsed->has_query()) path += "?" + std::string(parsed->encoded_query());
  return Place{std::string(parsed->host_address()), parsed->has_port() ? std::string(parsed->port()) : "80",
               std::string(parsed->encoded_host_and_port()), std::move(path)};
}

/// One GET on a connection of its own.
class Question {
 public:
  explicit Question(const Place& place) : place_(place), resolver_(io_), stream_(io_) {
    request_ = {http::verb::get, place.path, 11};
    request_.set(http::field::host, place.authority);
    request_.set(http::field::connection, "close");
  }

  /// Blocks until there is an answer, none within the time, or `give_up`. What was wrong; empty: it is ready.
  std::string ask(const std::function<bool()>& give_up) {
    stream_.expires_after(longest_answer);
    resolver_.async_resolve(place_.host, place_.port, [this](error_code ec, const auto& found) {
      if (failed(ec)) return;
      stream_.async_connect(found, [this](error_code refused, const tcp::endpoint&) {
        if (!failed(refused)) send();
      });
    });
    const auto end = Clock::now() + 2 * longest_answer;  // a resolver has its own idea of time
    while (!done_ && Clock::now() < end && !give_up()) io_.run_for(look_every);
    if (!done_) return "no answer";
    if (error_ == boost::beast::error::timeout) return "no answer";
    if (error_) return error_.message();
    const auto status = parser_.get().result_int();
    return status >= 200 && status < 400 ? "" : fmt::format("status {}", status);
  }

 private:
  void send() {
    http::async_write(stream_, request_, [this](error_code ec, std::size_t) {
      if (failed(ec)) return;
      http::async_read_header(stream_, buffer_, parser_, [this](error_code last, std::size_t) {
        failed(last);
        done_ = true;
      });
    });
  }
  bool failed(error_code ec) {
    error_ = ec;
    if (ec) done_ = true;
    return bool(ec);
  }

  const Place& place_;
  asio::io_context io_;
  tcp::resolver resolver_;
  boost::beast::tcp_stream stream_;
  http::request<http::empty_body> request_;
  boost::beast::flat_buffer buffer_;
  http::response_parser<http::empty_body> parser_;
  error_code error_;
  bool done_ = false;
};

/// Calls `attempt` until it says true, the time is up or `give_up`.
bool keep_trying(Duration timeout, const std::function<bool()>& give_up,
                 const std::function<bool()>& attempt) {
  const auto deadline = Clock::now() + timeout;
  while (!attempt()) {
    if (Clock::now() >= deadline || give_up()) return false;
    std::this_thread::sleep_for(ask_every);
  }
  return true;
}

}  // namespace

Result<void> check_ready_url(std::string_view url) {
  const auto place = place_of(url);
  if (!place) return place.error();
  return {};
}

Result<void> wait_until_ready(const std::string& url, Duration timeout,
                              const std::function<bool()>& give_up) {
  const auto place = place_of(url);
  if (!place) return place.error();
  std::string last;
  const bool ready = keep_trying(timeout, give_up, [&] {
    last = Question(*place).ask(give_up);
    return last.empty();
  });
  if (ready) return {};
  return Error{ErrorCode::unavailable, fmt::format("not ready within {} s (--ready-timeout): GET {}: {}",
                                                   to_seconds(timeout), url, last)};
}

Result<sim::HttpTarget> wait_for_target(const std::string& url, Duration timeout,
                                        const std::function<bool()>& give_up) {
  auto target = sim::find_target(url, longest_answer);
  keep_trying(timeout, give_up, [&] {
    if (target || target.error().code == ErrorCode::invalid_argument) return true;
    target = sim::find_target(url, longest_answer);
    return target.has_value();
  });
  return target;
}

}  // namespace troupe::sweep
