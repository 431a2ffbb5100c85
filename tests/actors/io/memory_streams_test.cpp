// A connection in memory keeps what a socket's streams promise, on every engine.
#include "actors/io/memory_streams.hpp"

#include <boost/asio/error.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "actors/runtime/worker.hpp"
#include "helpers/io_modes.hpp"

using namespace troupe;
using namespace troupe::actors;
using boost::system::error_code;

namespace {

/// Counts what it is told.
struct Told final : StreamUser {
  void on_readable(error_code error) override { ++readable, last = error; }
  void on_writable(error_code error) override { ++writable, last = error; }
  int readable = 0, writable = 0;
  error_code last;
};

/// A worker with both ends.
class MemoryConnection {
 public:
  explicit MemoryConnection(IoMode io) : worker_(0, io) {
    worker_.start();
    worker_.run([this] { ends = memory_streams(worker_.io()); });
  }
  ~MemoryConnection() {
    turn([this] { ends = {}; });
    worker_.stop();
  }
  MemoryConnection(const MemoryConnection&) = delete;
  MemoryConnection& operator=(const MemoryConnection&) = delete;

  /// Does it on the worker's thread, and lets the engine tell what comes of it.
  void turn(const std::function<void()>& what) {
    worker_.run(what);
    for (int turns = 0; turns < 3; ++turns) worker_.run([] {});
  }

  MemoryStreams ends;

 private:
  Worker worker_;
};

std::size_t write_to(ByteStream& stream, std::string_view text, error_code& error) {
  return stream.write_some({&text, 1}, error);
}

/// What is there; the end or an error behind it.
std::string read_all(ByteStream& stream, error_code& error) {
  std::string all;
  char buffer[1000];
  for (error = {}; !error;) all.append(buffer, stream.read_some(buffer, error));
  return all;
}

}  // namespace

TEST_CASE("what one end of a connection in memory writes the other one is told of and reads, both ways") {
  MemoryConnection connection(GENERATE(from_range(tests::io_modes())));
  auto& [near, far] = connection.ends;
  const auto at_far = std::make_shared<Told>(), at_near = std::make_shared<Told>();
  error_code error;
  connection.turn([&, &near = near, &far = far] {
    far->wait_readable(at_far);
    near->wait_readable(at_near);
    const std::string_view pieces[] = {"head ", "body"};
    CHECK(near->write_some(pieces, error) == 9);
    CHECK(at_far->readable == 0);  // not from within
    CHECK(near->on_the_way() == 9);
  });
  CHECK(at_far->readable == 1);
  CHECK(at_near->readable == 0);
  connection.turn([&, &near = near, &far = far] {
    CHECK(read_all(*far, error) == "head body");
    CHECK(error == boost::asio::error::would_block);
    CHECK(near->on_the_way() == 0);
    CHECK(write_to(*far, "answer", error) == 6);
  });
  CHECK(at_near->readable == 1);
  CHECK(at_far->readable == 1);
  connection.turn([&, &near = near] { CHECK(read_all(*near, error) == "answer"); });
}

TEST_CASE("an end of a connection in memory that reads nothing holds the other one up, and loses nothing") {
  MemoryConnection connection(GENERATE(from_range(tests::io_modes())));
  auto& [near, far] = connection.ends;
  const auto writer = std::make_shared<Told>();
  const std::string text(memory_stream_room + 1000, 'x');
  error_code error;
  connection.turn([&, &near = near] {
    CHECK(write_to(*near, text, error) == memory_stream_room);
    CHECK_FALSE(error);
    CHECK(write_to(*near, "y", error) == 0);
    CHECK(error == boost::asio::error::would_block);
    near->wait_writable(writer);
  });
  CHECK(writer->writable == 0);
  connection.turn([&, &far = far] { CHECK(read_all(*far, error).size() == memory_stream_room); });
  CHECK(writer->writable == 1);
  connection.turn([&, &near = near, &far = far] {
    CHECK(write_to(*near, std::string_view(text).substr(memory_stream_room), error) == 1000);
    CHECK(read_all(*far, error) == std::string(1000, 'x'));
  });
}

TEST_CASE("behind the end of what is written a connection in memory still goes the other way") {
  MemoryConnection connection(GENERATE(from_range(tests::io_modes())));
  auto& [near, far] = connection.ends;
  const auto reader = std::make_shared<Told>();
  error_code error;
  connection.turn([&, &near = near, &far = far] {
    write_to(*near, "last", error);
    near->end_writing(error);
    CHECK_FALSE(error);
    far->wait_readable(reader);
  });
  CHECK(reader->readable == 1);
  connection.turn([&, &near = near, &far = far] {
    CHECK(read_all(*far, error) == "last");
    CHECK(error == boost::asio::error::eof);
    CHECK(write_to(*near, "more", error) == 0);
    CHECK(error == boost::asio::error::broken_pipe);
    CHECK(write_to(*far, "answer", error) == 6);
    CHECK(read_all(*near, error) == "answer");
    CHECK(error == boost::asio::error::would_block);
  });
}

TEST_CASE("a close aborts the waits of its own end, and the other one reads what is left and the end") {
  MemoryConnection connection(GENERATE(from_range(tests::io_modes())));
  auto& [near, far] = connection.ends;
  const bool by_destruction = GENERATE(false, true);
  const auto own = std::make_shared<Told>(), other = std::make_shared<Told>();
  error_code error;
  connection.turn([&, &near = near, &far = far] {
    near->wait_readable(own);
    write_to(*near, "last", error);
    write_to(*far, std::string(memory_stream_room, 'x'), error);  // which it is to be told of, and never is
    far->wait_writable(other);
    by_destruction ? near.reset() : near->close();
  });
  CHECK(own->readable == 1);
  CHECK(own->last == boost::asio::error::operation_aborted);
  CHECK(other->writable == 1);
  CHECK_FALSE(other->last);
  connection.turn([&, &far = far] {
    CHECK(read_all(*far, error) == "last");
    CHECK(error == boost::asio::error::eof);
    CHECK(write_to(*far, "x", error) == 0);
    CHECK(error == boost::asio::error::broken_pipe);
  });
  if (by_destruction) return;
  connection.turn([&, &near = near] {
    near->wait_readable(own);
    CHECK(near->read_some({}, error) == 0);
    CHECK(error == boost::asio::error::bad_descriptor);
  });
  CHECK(own->readable == 2);
  CHECK(own->last == boost::asio::error::operation_aborted);
}
