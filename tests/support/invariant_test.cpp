#include "support/invariant.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <csignal>
#include <string>

namespace {

struct Ended {
  int signal = 0;  ///< 0: it exited by itself
  std::string err;
};

// In a process of its own, whose end does not end the tests.
Ended run_apart(void (*work)()) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);  // Catch has a handler that would report a failure
    ::dup2(ends[1], STDERR_FILENO);
    work();
    ::_exit(0);
  }
  ::close(ends[1]);
  Ended ended;
  std::array<char, 512> buffer{};
  for (ssize_t count = 0; (count = ::read(ends[0], buffer.data(), buffer.size())) > 0;) {
    ended.err.append(buffer.data(), static_cast<std::size_t>(count));
  }
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  ended.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  return ended;
}

}  // namespace

TEST_CASE("an invariant that holds costs nothing and says nothing") {
  const auto ended = run_apart([] { TROUPE_INVARIANT(1 + 1 == 2, "sums are right"); });
  CHECK(ended.signal == 0);
  CHECK(ended.err.empty());
}

TEST_CASE("a broken invariant ends the process and says where and why, in every kind of build") {
  const auto ended = run_apart([] { TROUPE_INVARIANT(1 + 1 == 3, "sums are wrong"); });
  CHECK(ended.signal == SIGABRT);
  CHECK_THAT(ended.err, Catch::StartsWith("troupe: invariant broken at "));
  CHECK_THAT(ended.err, Catch::Contains("invariant_test.cpp:") && Catch::EndsWith(": sums are wrong\n"));
}
