#include "http/access_log/access_log.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "helpers/eventually.hpp"
#include "helpers/file_size_limit.hpp"
#include "helpers/folder.hpp"
#include "http/access_log/byte_ring.hpp"

using namespace troupe;
using namespace troupe::http;
using namespace troupe::tests;

namespace {

std::size_t lines_of(const std::filesystem::path& path) {
  const auto text = content_of(path);
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

AccessRecord record_for(std::string_view path) {
  AccessRecord record;
  record.client = boost::asio::ip::address_v4::loopback();
  record.method = "GET";
  record.path = path;
  record.status = 200;
  return record;
}

/// Workers that run, and a log of theirs in a folder.
struct Logged {
  Folder folder{"access_log"};
  actors::Workers workers{2, IoMode::epoll, Wakeups::eager};
  std::filesystem::path path = folder.path() / "access.log";
  std::shared_ptr<AccessLog> log;

  explicit Logged(std::size_t buffer = 1 << 20) {
    workers.start();
    log = std::make_shared<AccessLog>(workers,
                                      AccessLogSettings{path.string(), AccessLogFormat::common, buffer});
  }
  ~Logged() {
    log->stop();
    workers.stop();
  }
  void add(std::size_t worker, std::string_view target) {
    workers[worker].run([&] { log->add(workers[worker], record_for(target), {}); });
  }
};

}  // namespace

TEST_CASE("what is put into a ring comes out of it in order and whole, however it wraps") {
  ByteRing ring(64);
  std::string put, taken;
  for (int i = 0; i < 1000; ++i) {
    const auto text = std::string(static_cast<std::size_t>(i * 7 % 23), static_cast<char>('a' + i % 26));
    while (!ring.put(text)) {
      for (const auto part : ring.held()) taken += part;
      ring.drop(ring.size());
    }
    put += text;
  }
  for (const auto part : ring.held()) taken += part;
  CHECK(taken == put);
}

TEST_CASE("a ring takes all of a text or nothing") {
  ByteRing ring(10);
  CHECK(ring.put("12345678"));
  CHECK_FALSE(ring.put("123"));
  CHECK(ring.size() == 8);
  CHECK(ring.put("12"));
  CHECK_FALSE(ring.put("1"));
}

TEST_CASE("one thread can fill a ring while another one empties it") {
  ByteRing ring(97);
  constexpr int count = 20'000;
  std::string taken;
  std::thread taker([&] {
    while (taken.size() < count * std::size_t{3}) {
      for (const auto part : ring.held()) {
        taken += part;
        ring.drop(part.size());
      }
    }
  });
  for (int i = 0; i < count; ++i) {
    while (!ring.put("abc")) std::this_thread::yield();
  }
  taker.join();
  std::string wanted;
  for (int i = 0; i < count; ++i) wanted += "abc";
  CHECK(taken == wanted);
}

TEST_CASE("lines of every worker are in the file, also those from before it was open and of other threads") {
  Logged logged;
  logged.add(0, "/before");
  REQUIRE(logged.log->open().has_value());
  logged.add(1, "/of-a-worker");
  logged.log->add(logged.workers[0], record_for("/of-another-thread"), {});
  CHECK(eventually([&] { return lines_of(logged.path) == 3; }));
  for (int i = 0; i < 100; ++i) logged.add(0, "/last");
  logged.log->stop();
  CHECK(lines_of(logged.path) == 103);
  CHECK(logged.log->dropped() == 0);
}

TEST_CASE("a log that was moved away goes on in a new file, and no line is lost") {
  Logged logged;
  REQUIRE(logged.log->open().has_value());
  logged.add(0, "/one");
  CHECK(eventually([&] { return lines_of(logged.path) == 1; }));
  const auto moved = logged.folder.path() / "access.log.1";
  std::filesystem::rename(logged.path, moved);
  logged.add(0, "/two");
  logged.log->reopen();
  CHECK(eventually([&] { return std::filesystem::exists(logged.path); }));
  logged.add(0, "/three");
  logged.log->stop();
  CHECK(lines_of(moved) == 2);
  CHECK(content_of(logged.path).find("/three") != std::string::npos);
}

TEST_CASE("a file that cannot be opened is named, and one that cannot be opened again leaves the old one") {
  Logged logged;
  std::filesystem::create_directory(logged.path);
  const auto refused = logged.log->open();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.find("access_log.file \"" + logged.path.string()) != std::string::npos);
  std::filesystem::remove(logged.path);
  REQUIRE(logged.log->open().has_value());
  const auto moved = logged.folder.path() / "moved";
  std::filesystem::rename(logged.path, moved);
  std::filesystem::create_directory(logged.path);
  logged.log->reopen();
  logged.add(0, "/still");
  CHECK(eventually([&] { return lines_of(moved) == 1; }));
}

TEST_CASE("a reader who does not read has lines dropped and counted, and holds nobody up") {
  Logged logged(64 << 10);
  std::signal(SIGPIPE, SIG_IGN);  // as serve does
  REQUIRE(::mkfifo(logged.path.c_str(), 0600) == 0);
  std::fstream reader(logged.path);  // for both, so that opening does not wait
  REQUIRE(logged.log->open().has_value());
  const std::string target = "/" + std::string(1000, 'x');
  for (int i = 0; i < 1000; ++i) logged.add(0, target);
  CHECK(logged.log->dropped() > 0);
}

TEST_CASE("a disk that takes nothing costs lines, which are counted") {
  Logged logged;
  std::filesystem::create_symlink("/dev/full", logged.path);
  REQUIRE(logged.log->open().has_value());
  for (int i = 0; i < 10; ++i) logged.add(0, "/lost");
  CHECK(eventually([&] { return logged.log->dropped() == 10; }));
}

TEST_CASE("a line that was cut by a full disk does not run into the next one") {
  Logged logged;
  const std::string target = "/" + std::string(100, 'x');
  {
    const FileSizeLimit limit(1000);
    REQUIRE(logged.log->open().has_value());
    for (int i = 0; i < 20; ++i) logged.add(0, target);
    CHECK(eventually([&] { return logged.log->dropped() > 0; }));
    logged.add(0, target);
  }
  logged.add(0, "/after");
  CHECK(eventually([&] { return content_of(logged.path).find("/after") != std::string::npos; }));
  logged.log->stop();
  const auto text = content_of(logged.path);
  CHECK(text.find("\n127.0.0.1 - - [01/Jan/1970:00:00:00 +0000] \"GET /after HTTP/1.1\" 200 -\n") !=
        std::string::npos);
}
