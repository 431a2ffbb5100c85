#include "sim/client/live_origin.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <thread>

using namespace troupe;
using namespace troupe::sim;
using namespace std::chrono_literals;

namespace {

const TimePoint beginning{1h};

SocketAddress address_of(const std::string& text) {
  return boost::asio::ip::tcp::endpoint(boost::asio::ip::make_address(text), 80);
}

/// An origin whose resolver says what a test wants, on the thread that looks names up.
struct Looked {
  explicit Looked(std::vector<std::string> known) {
    Origin origin{.host = "app.test", .lookup_port = 80};
    for (const auto& text : known) origin.addresses.push_back(address_of(text));
    one = std::make_shared<LiveOrigin>(
        std::move(origin),
        OriginLookups{names, [this](auto task) { boost::asio::post(loop, std::move(task)); }}, beginning);
  }
  /// Until the answer of the look-up under way has been taken.
  void take_answer() { REQUIRE(loop.run_one_for(5s) == 1); }

  std::atomic<int> calls{0};
  std::mutex mutex;
  Addresses answer{std::vector<std::string>{"127.0.0.1"}};
  NameLookups names{[this](const std::string&) {
                      const std::lock_guard lock(mutex);
                      ++calls;
                      return answer;
                    },
                    0ms};
  boost::asio::io_context loop;
  /// The loop waits for what another thread posts.
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{loop.get_executor()};
  std::shared_ptr<LiveOrigin> one;
};

}  // namespace

TEST_CASE("a name is looked up again when its addresses are old, or when none takes a connection") {
  struct Row {
    const char* what;
    bool unreachable;
    Duration after;
    bool looks;
  };
  const auto row = GENERATE(values<Row>({
      {"young", false, 29s, false},
      {"old", false, 30s, true},
      {"out of reach at once", true, 0s, false},
      {"out of reach", true, 1s, true},
  }));
  CAPTURE(row.what);
  Looked looked({"127.0.0.9"});
  row.unreachable ? looked.one->on_unreachable(beginning + row.after)
                  : looked.one->on_connect(beginning + row.after);
  CHECK(looked.one->addresses() == std::vector{address_of("127.0.0.9")});
  if (row.looks) looked.take_answer();
  CHECK(looked.calls == (row.looks ? 1 : 0));
  CHECK(looked.one->addresses() == std::vector{address_of(row.looks ? "127.0.0.1" : "127.0.0.9")});
  CHECK(looked.one->version() == (row.looks ? 1 : 0));
}

TEST_CASE("the address that is tried first stays so, and the same addresses in another order are no news") {
  Looked looked({"127.0.0.2", "127.0.0.3"});
  looked.answer = std::vector<std::string>{"127.0.0.3", "127.0.0.2"};
  looked.one->on_connect(beginning + 30s);
  looked.take_answer();
  CHECK(looked.one->version() == 0);
  CHECK(looked.one->addresses().front() == address_of("127.0.0.2"));
  looked.answer = std::vector<std::string>{"127.0.0.4", "127.0.0.2"};
  looked.one->on_connect(beginning + 60s);
  looked.take_answer();
  CHECK(looked.one->version() == 1);
  CHECK(looked.one->addresses() == std::vector{address_of("127.0.0.2"), address_of("127.0.0.4")});
}

TEST_CASE("a look-up that fails leaves the addresses that are known, and says why") {
  Looked looked({"127.0.0.2"});
  looked.answer = Error{ErrorCode::unavailable, "nobody knows"};
  looked.one->on_unreachable(beginning + 1s);
  looked.take_answer();
  CHECK(looked.one->addresses() == std::vector{address_of("127.0.0.2")});
  CHECK(looked.one->fault() == "nobody knows");
}

TEST_CASE("who has no address yet is told when there is one") {
  Looked looked({});
  int told = 0;
  CHECK_FALSE(looked.one->wait([&] { ++told; }));
  looked.one->on_connect(beginning);
  CHECK(looked.one->wait([&] { ++told; }));
  CHECK(told == 0);
  looked.take_answer();
  CHECK(told == 1);
  CHECK_FALSE(looked.one->addresses().empty());
}

TEST_CASE("addresses that were given are never looked up") {
  LiveOrigin given(Origin{.addresses = {address_of("127.0.0.2")}, .host = "app.test", .lookup_port = 80});
  given.on_connect(beginning + 1h);
  given.on_unreachable(beginning + 2h);
  CHECK_FALSE(given.wait([] {}));
}
