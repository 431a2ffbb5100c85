// What every engine's streams promise, over real sockets.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/error.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <future>
#include <string>
#include <string_view>
#include <vector>

#include "actors/runtime/worker.hpp"
#include "helpers/eventually.hpp"
#include "helpers/io_modes.hpp"

using namespace troupe;
using namespace troupe::actors;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

/// The client's end of a connection, which blocks.
struct Client {
  explicit Client(Descriptor connected) : socket(std::move(connected)) {
    const timeval patience{5, 0};
    setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto count = ::send(socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      REQUIRE(count > 0);
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  /// So many bytes, or fewer when the other end closes.
  std::string read(std::size_t size) const {
    std::string got;
    std::vector<char> buffer(64 * 1024);
    while (got.size() < size) {
      const auto count =
          ::recv(socket.number(), buffer.data(), std::min(buffer.size(), size - got.size()), 0);
      if (count <= 0) break;
      got.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return got;
  }
  void end() const { shutdown(socket.number(), SHUT_WR); }

  Descriptor socket;
};

/// The server's end: reads when it is told to and keeps what it got; writes what it is given.
class Reader final : public StreamUser, public std::enable_shared_from_this<Reader> {
 public:
  Reader(IoEngine& engine, Descriptor socket) : stream_(engine.stream(std::move(socket))) {}

  // All on the worker's thread.
  void listen() { stream_->wait_readable(shared_from_this()); }
  void write(std::string_view bytes) {
    to_write_ += bytes;
    if (!std::exchange(writing_, true)) go_on();
  }
  void end() {
    error_code error;
    stream_->end_writing(error);
    CHECK_FALSE(error);
  }
  void close() { stream_->close(); }
  std::size_t on_the_way() { return stream_->on_the_way(); }

  void on_readable(error_code error) override {
    if (error) return note(error);
    std::array<char, 1000> buffer;
    const auto count = stream_->read_some(buffer, error);
    got_.append(buffer.data(), count);
    size = got_.size();
    if (error && error != boost::asio::error::would_block) return note(error);
    if (!error && echoes) write({buffer.data(), count});
    if (goes_on) listen();
  }
  void on_writable(error_code error) override { error ? note(error) : go_on(); }

  const std::string& got() const { return got_; }
  std::atomic<std::size_t> size{0};
  std::atomic<int> ended{0};  ///< an errno; -1: in order
  bool goes_on = true;
  bool echoes = false;

 private:
  void note(error_code error) { ended = error == boost::asio::error::eof ? -1 : error.value(); }
  void go_on() {
    while (!to_write_.empty()) {
      const std::array<std::string_view, 2> pieces{
          std::string_view(to_write_).substr(0, 10),
          std::string_view(to_write_).substr(std::min<std::size_t>(10, to_write_.size()))};
      error_code error;
      const auto count = stream_->write_some(std::span(pieces).first(pieces[1].empty() ? 1 : 2), error);
      if (error == boost::asio::error::would_block) return stream_->wait_writable(shared_from_this());
      if (error) return note(error);
      to_write_.erase(0, count);
    }
    writing_ = false;
  }

  std::unique_ptr<ByteStream> stream_;
  std::string got_, to_write_;
  bool writing_ = false;
};

/// A worker with connections over TCP's loopback.
struct Server {
  explicit Server(IoMode io) : worker(0, io) {
    worker.start();
    listener = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(listener.number(), reinterpret_cast<sockaddr*>(&any), sizeof any) == 0);
    REQUIRE(::listen(listener.number(), 512) == 0);
  }
  ~Server() {
    // Who waits keeps itself: only a close ends that.
    worker.run([this] {
      for (const auto& weak : all_) {
        if (const auto reader = weak.lock()) reader->close();
      }
      readers.clear();
    });
    worker.stop();
  }

  /// A connection that waits to be accepted.
  Descriptor dial() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    REQUIRE(::getsockname(listener.number(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    Descriptor near(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(::connect(near.number(), reinterpret_cast<sockaddr*>(&address), size) == 0);
    return near;
  }
  /// On the worker's thread.
  Reader& accept() {
    readers.push_back(std::make_shared<Reader>(
        worker.io(), Descriptor(::accept4(listener.number(), nullptr, nullptr, SOCK_CLOEXEC))));
    all_.push_back(readers.back());
    return *readers.back();
  }
  /// A connection, whose server's end listens if `change` does not say otherwise.
  Client connect(const std::function<void(Reader&)>& change = [](Reader&) {}) {
    Descriptor near = dial();
    worker.run([&] {
      auto& reader = accept();
      change(reader);
      if (reader.goes_on) reader.listen();
    });
    return Client(std::move(near));
  }
  Reader& reader(std::size_t place = 0) { return *readers.at(place); }
  void on_worker(const std::function<void(Reader&)>& what) {
    worker.run([&] { what(reader()); });
  }

  Worker worker;
  Descriptor listener;
  std::vector<std::shared_ptr<Reader>> readers;

 private:
  std::vector<std::weak_ptr<Reader>> all_;
};

std::string pattern(std::size_t size) {
  std::string text(size, ' ');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + (i * i + i / 251) % 26);
  return text;
}

}  // namespace

TEST_CASE("a stream reads and writes what its client sends and takes, in order") {
  Server server(GENERATE(from_range(tests::io_modes())));
  const auto client = server.connect([](Reader& reader) { reader.echoes = true; });
  const auto size = GENERATE(std::size_t{1}, std::size_t{4'096}, std::size_t{300'000});
  const auto text = pattern(size);
  auto sent = std::async(std::launch::async, [&] { client.send(text); });
  CHECK(client.read(size) == text);
  sent.get();
  client.end();
  CHECK(tests::eventually([&] { return server.reader().ended == -1; }));
}

TEST_CASE("answers of one turn leave together, and none is lost by an end or a close behind them") {
  Server server(GENERATE(from_range(tests::io_modes())));
  const bool by_close = GENERATE(false, true);
  const auto client = server.connect();
  server.on_worker([&](Reader& reader) {
    reader.write("first ");
    reader.write("second ");
    reader.write("last");
    by_close ? reader.close() : reader.end();
  });
  CHECK(client.read(1'000) == "first second last");
}

TEST_CASE("a client that takes nothing holds its own answer up, and gets all of it in the end") {
  Server server(GENERATE(from_range(tests::io_modes())));
  const auto client = server.connect();
  const auto text = pattern(20'000'000);
  server.on_worker([&](Reader& reader) { reader.write(text); });
  server.on_worker([](Reader& reader) { CHECK(reader.on_the_way() > 0); });
  const auto other = server.connect([](Reader& reader) { reader.echoes = true; });
  other.send("meanwhile");
  CHECK(other.read(9) == "meanwhile");
  CHECK(client.read(text.size()) == text);
}

TEST_CASE("what nobody reads is left to the system, and is read later without a gap") {
  Server server(GENERATE(from_range(tests::io_modes())));
  const auto client = server.connect([](Reader& reader) { reader.goes_on = false; });
  server.on_worker([](Reader& reader) { reader.listen(); });
  const auto text = pattern(30'000'000);
  std::atomic<std::size_t> sent{0};
  auto sending = std::async(std::launch::async, [&] {
    for (std::size_t begin = 0; begin < text.size(); begin += 100'000, sent = begin)
      client.send(std::string_view(text).substr(begin, 100'000));
  });
  CHECK(tests::eventually([&] { return server.reader().size > 0; }));
  // The buffers between them fill up, and then the client waits.
  CHECK(sending.wait_for(300ms) == std::future_status::timeout);
  CHECK(sent < text.size());
  server.on_worker([](Reader& reader) {
    reader.goes_on = true;
    reader.listen();
  });
  sending.get();
  client.end();
  CHECK(tests::eventually([&] { return server.reader().ended == -1; }));
  CHECK(server.reader().got() == text);
}

TEST_CASE("a reset is told as an error, and a close as an aborted wait") {
  Server server(GENERATE(from_range(tests::io_modes())));
  auto client = server.connect();
  const linger at_once{1, 0};
  setsockopt(client.socket.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  client.socket.close();
  CHECK(tests::eventually([&] { return server.reader().ended == ECONNRESET; }));

  const auto other = server.connect();
  server.worker.run([&] { server.reader(1).close(); });
  CHECK(tests::eventually([&] { return server.reader(1).ended == ECANCELED; }));
  CHECK(other.read(1).empty());
}

TEST_CASE("more clients than an engine has buffers are served in the same moment") {
  Server server(GENERATE(from_range(tests::io_modes())));
  std::vector<Client> clients;
  for (int i = 0; i < 300; ++i)
    clients.push_back(server.connect([](Reader& reader) { reader.echoes = true; }));
  const auto text = pattern(5'000);
  std::promise<void> released;
  server.worker.post(
      [held = released.get_future().share()] { held.wait(); });  // all of them are there at once
  for (const auto& client : clients) client.send(text);
  released.set_value();
  for (const auto& client : clients) REQUIRE(client.read(text.size()) == text);
}

TEST_CASE("connections that come and are reset at once leave nothing behind") {
  Server server(GENERATE(from_range(tests::io_modes())));
  const linger at_once{1, 0};
  for (int i = 0; i < 10'000; ++i) {
    auto client = server.connect([](Reader& reader) { reader.echoes = true; });
    client.send("x");
    setsockopt(client.socket.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    client.socket.close();
    if (i % 100 == 99) server.worker.run([&] { server.readers.clear(); });
  }
  const auto client = server.connect([](Reader& reader) { reader.echoes = true; });
  client.send("still there");
  CHECK(client.read(11) == "still there");
}

TEST_CASE("who gets the number of a connection that has just been closed gets all of its own bytes") {
  Server server(GENERATE(from_range(tests::io_modes())));
  const auto first = server.connect([](Reader& reader) { reader.goes_on = false; });
  Client next(server.dial());
  server.worker.run([&] {  // in one turn
    server.reader(0).listen();
    server.reader(0).close();
    server.accept().echoes = true;
  });
  next.send("mine");
  server.worker.run([] {});
  server.worker.run([&] { server.reader(1).listen(); });
  CHECK(next.read(4) == "mine");
}
