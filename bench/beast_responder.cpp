// The ceiling of the HTTP side: plain, idiomatic Boost.Beast that answers a constant item, with no database,
// routes or checks. usage: beast_responder [port (0: a free one)] [threads (0: one per core)] [delay of each
// answer in microseconds (0)]
#include <algorithm>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

/// As large as Troupe's answer for the item that scripts/bench creates.
constexpr std::string_view item =
    R"({"id":1,"name":"bench item","description":"an item to read","price":9.99,"in_stock":true})";

/// One connection: reads a request, answers it, and again until the client leaves.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, std::chrono::microseconds delay)
      : stream_(std::move(socket)), delay_(delay), timer_(stream_.get_executor()) {}

  void start() {
    stream_.socket().set_option(tcp::no_delay(true));
    do_read();
  }

 private:
  void do_read() {
    request_ = {};
    http::async_read(stream_, buffer_, request_,
                     beast::bind_front_handler(&Session::on_read, shared_from_this()));
  }

  void on_read(beast::error_code error, std::size_t) {
    if (error) return;  // the client left, or sent what is no request: either way it is over
    const bool post = request_.method() == http::verb::post;
    response_.emplace(post ? http::status::created : http::status::ok, request_.version());
    response_->set(http::field::content_type, "application/json");
    if (post) response_->set(http::field::location, "/items/1");
    response_->keep_alive(request_.keep_alive());
    response_->body() = item;
    response_->prepare_payload();
    if (delay_ == delay_.zero()) return do_write();
    timer_.expires_after(delay_);
    timer_.async_wait([self = shared_from_this()](beast::error_code ended) {
      if (!ended) self->do_write();
    });
  }

  void do_write() {
    http::async_write(stream_, *response_, beast::bind_front_handler(&Session::on_write, shared_from_this()));
  }

  void on_write(beast::error_code error, std::size_t) {
    if (!error && response_->keep_alive()) return do_read();
    stream_.socket().shutdown(tcp::socket::shutdown_send, error);
  }

  beast::tcp_stream stream_;
  std::chrono::microseconds delay_;
  asio::steady_timer timer_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  std::optional<http::response<http::string_body>> response_;
};

asio::awaitable<void> accept_connections(tcp::acceptor acceptor, std::chrono::microseconds delay) {
  for (;;) {
    std::make_shared<Session>(co_await acceptor.async_accept(asio::use_awaitable), delay)->start();
  }
}

/// Every thread listens on the same port and the kernel deals the connections out: no thread shares anything
/// with another.
tcp::acceptor listen(asio::io_context& context, const tcp::endpoint& endpoint) {
  using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
  tcp::acceptor acceptor(context);
  acceptor.open(endpoint.protocol());
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  acceptor.set_option(reuse_port(true));
  acceptor.bind(endpoint);
  acceptor.listen();
  return acceptor;
}

unsigned number(std::string_view text, unsigned limit) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > limit) {
    throw std::invalid_argument("not a number up to " + std::to_string(limit) + ": " + std::string(text));
  }
  return value;
}

void run(unsigned port, unsigned threads, std::chrono::microseconds delay) {
  std::vector<std::unique_ptr<asio::io_context>> contexts;
  tcp::endpoint endpoint(asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port));
  for (unsigned i = 0; i < threads; ++i) {
    contexts.push_back(std::make_unique<asio::io_context>(1));
    auto acceptor = listen(*contexts.back(), endpoint);
    endpoint = acceptor.local_endpoint();
    asio::co_spawn(*contexts.back(), accept_connections(std::move(acceptor), delay),
                   [](const std::exception_ptr& error) {
                     // Ends the program: a responder that no longer accepts is no ceiling.
                     if (error) std::rethrow_exception(error);
                   });
  }
  std::cout << "listening on http://" << endpoint << std::endl;
  std::vector<std::jthread> workers;
  for (auto& context : contexts) workers.emplace_back([&context] { context->run(); });
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const unsigned threads = argc > 2 ? number(argv[2], 1024) : 0;
    run(argc > 1 ? number(argv[1], 65535) : 0,
        threads > 0 ? threads : std::max(1U, std::thread::hardware_concurrency()),
        std::chrono::microseconds(argc > 3 ? number(argv[3], 10'000'000) : 0));
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "beast_responder: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
