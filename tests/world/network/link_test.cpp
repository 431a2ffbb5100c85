#include "world/network/link.hpp"

#include <array>
#include <boost/asio/error.hpp>
#include <catch2/catch.hpp>
#include <string>

using namespace troupe;
using namespace troupe::world;
using boost::system::error_code;
using std::chrono::milliseconds;
namespace error = boost::asio::error;

namespace {

/// The server's end: reads all that comes, until it is told to stop.
class Reader final : public actors::StreamUser {
 public:
  explicit Reader(std::shared_ptr<Link> link) : link_(std::move(link)) {}

  void on_readable(error_code why) override {
    ended = why;
    std::array<char, 16> buffer;
    while (!ended) {
      const auto count = link_->read_some(buffer, ended);
      got.append(buffer.data(), count);
    }
    if (ended == error::would_block) link_->wait_readable(self.lock());
  }
  void on_writable(error_code why) override {
    ++writable;
    ended = why;
  }

  std::weak_ptr<Reader> self;
  std::string got;
  error_code ended;
  int writable = 0;

 private:
  std::shared_ptr<Link> link_;
};

/// A link and both of its users.
class Ends {
 public:
  explicit Ends(LinkTraits traits = {{milliseconds(1), milliseconds(5)}, 3, 64, 0})
      : link(Link::open(events, server, traits, Rng(7))), reader(std::make_shared<Reader>(link)) {
    reader->self = reader;
    link->on_bytes = [this](std::string_view bytes) { told += bytes; };
    link->on_end = [this] { ++ends; };
    link->wait_readable(reader);
  }
  ~Ends() {  // a wait that was not answered keeps both ends alive
    link->close();
    run();
  }
  void run() {
    do {
      while (server.poll()) {
      }
    } while (events.turn());
  }
  std::size_t write(std::string_view text) {
    why = {};
    return link->write_some({&text, 1}, why);
  }

  EventQueue events{1};
  actors::Worker server{0, events};
  std::shared_ptr<Link> link;
  std::shared_ptr<Reader> reader;
  std::string told;
  int ends = 0;
  error_code why;
};

}  // namespace

TEST_CASE("bytes arrive in their order, both ways, whatever pieces they travel in") {
  Ends ends;
  ends.link->send("to be, or ");
  ends.link->send("not to be");
  CHECK(ends.write("that is the question") == 20);
  ends.run();
  CHECK(ends.reader->got == "to be, or not to be");
  CHECK(ends.told == "that is the question");
  CHECK(ends.link->on_the_way() == 0);
}

TEST_CASE("a client's end reaches the server behind its bytes, and answers still arrive") {
  Ends ends;
  ends.link->send("question");
  ends.link->end();
  ends.run();
  CHECK(ends.reader->got == "question");
  CHECK(ends.reader->ended == error::eof);
  ends.write("answer");
  ends.link->close();
  ends.run();
  CHECK(ends.told == "answer");
  CHECK(ends.ends == 1);
}

TEST_CASE("a server that closes with bytes unread takes its own back, as a reset does") {
  Ends ends;
  ends.link->send("more than was read");
  ends.write("answer");
  ends.link->close();
  ends.run();
  CHECK(ends.told.empty());
  CHECK(ends.ends == 1);
}

TEST_CASE("a reset behind an end that was on its way still ends the client", "[world]") {
  Ends ends;
  error_code ignored;
  ends.link->end_writing(ignored);
  ends.link->send("too late");
  ends.link->close();
  ends.run();
  CHECK(ends.ends == 1);
}

TEST_CASE("a cut ends both ends at once") {
  Ends ends;
  ends.link->send("never read");
  ends.link->cut();
  ends.run();
  CHECK(ends.reader->got.empty());
  CHECK(ends.reader->ended == error::connection_reset);
  CHECK(ends.ends == 1);
  CHECK(ends.write("x") == 0);
  CHECK(ends.why == error::broken_pipe);
}

TEST_CASE("nothing tells the server that a client has vanished, and its room stays full") {
  Ends ends;
  ends.link->vanish();
  CHECK(ends.write(std::string(100, 'x')) == 64);
  ends.link->wait_writable(ends.reader);
  ends.run();
  CHECK(ends.reader->writable == 0);
  CHECK(ends.link->on_the_way() == 64);
  CHECK(ends.write("x") == 0);
  CHECK(ends.why == error::would_block);
  ends.link->close();  // what the session's deadline does
  ends.run();
  CHECK(ends.reader->writable == 1);
  CHECK(ends.reader->ended == error::operation_aborted);
}

TEST_CASE("a slow client takes what it gets at its own pace") {
  Ends ends({{milliseconds(1), milliseconds(1)}, 10, 1'000, 100});
  const auto began = ends.events.now();
  CHECK(ends.write(std::string(200, 'x')) == 200);
  ends.run();
  CHECK(ends.told.size() == 200);
  CHECK(ends.events.now() - began > milliseconds(1'700));
  CHECK(ends.events.now() - began < milliseconds(2'300));
}
