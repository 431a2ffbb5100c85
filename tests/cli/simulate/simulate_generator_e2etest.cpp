// Who was the limit? Saturations planted in the generator are blamed on it, a slow server never is.
#include <sched.h>
#include <sys/resource.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <thread>
#include <vector>

#include "helpers/eventually.hpp"
#include "helpers/folder.hpp"
#include "helpers/processes.hpp"
#include "helpers/server_process.hpp"
#include "sim/result/results_io.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

struct Ran {
  int code = 0;
  sim::RunResult result;
};

/// Load on that server. `meanwhile` is called again and again with the generator's process.
template <class Meanwhile>
Ran measure(const ServerProcess& server, std::vector<std::string> load, Meanwhile meanwhile) {
  std::vector<std::string> arguments{
      "simulate",  "--target", "http://127.0.0.1:" + std::to_string(server.port()),
      "--warm-up", "0s",       "--strict",
      "--quiet",   "--json",   "-"};
  arguments.insert(arguments.end(), load.begin(), load.end());
  TroupeProcess process(Launch{arguments});
  while (!process.exit_code()) meanwhile(process);
  const auto ran = process.finish();
  INFO(ran.err);
  return {ran.code, sim::read_json(ran.out).value()};
}

void pass_time(TroupeProcess&) {
  std::this_thread::sleep_for(10ms);
}

/// Half of the time it stands still.
void stutter(TroupeProcess& process) {
  process.signal(SIGSTOP);
  std::this_thread::sleep_for(40ms);
  process.signal(SIGCONT);
  std::this_thread::sleep_for(40ms);
}

/// Whether this machine let a thread run when it wanted to: where it did not, the generator rightly says so.
class Witness {
 public:
  Witness()
      : thread_([this] {
          while (!over_) {
            const auto wanted = std::chrono::steady_clock::now() + 10ms;
            std::this_thread::sleep_until(wanted);
            ++looks_;
            if (std::chrono::steady_clock::now() > wanted + 3ms) ++late_;
          }
        }) {}
  ~Witness() {
    over_ = true;
    thread_.join();
  }
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;

  /// More than 2 % of its sleeps were too long.
  bool was_disturbed() const { return late_ * 50 > looks_; }

 private:
  std::atomic<bool> over_{false};
  std::atomic<int> looks_{0}, late_{0};
  std::thread thread_;
};

/// The first of a few measurements that others did not disturb.
template <class Measure>
Ran undisturbed(Measure measured) {
  for (int tries = 0; tries < 8; ++tries) {
    const Witness witness;
    const Ran ran = measured();
    if (ran.code == 0 || !witness.was_disturbed()) return ran;
  }
  throw std::runtime_error("this machine is too busy to tell who was the limit");
}

/// A scenario of lists alone, which asks for no items before it starts.
std::string only_lists(const Folder& folder) {
  const auto file = folder / "lists.toml";
  std::ofstream(file) << "[[task]]\ndo = \"list\"\n";
  return file.string();
}

std::string all_of(const std::vector<std::string>& reasons) {
  std::string out;
  for (const auto& reason : reasons) out += reason + '\n';
  return out;
}

/// Threads that want all of one processor, and a process that gets no other and comes after them.
class BusyProcessor {
 public:
  explicit BusyProcessor(pid_t victim) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    for (const auto task : threads_of(victim)) {
      sched_setaffinity(task, sizeof(one), &one);
      setpriority(PRIO_PROCESS, static_cast<id_t>(task), 10);
    }
    for (int i = 0; i < 6; ++i) {
      threads_.emplace_back([this, one] {
        sched_setaffinity(0, sizeof(one), &one);
        while (!over_) {
        }
      });
    }
  }
  ~BusyProcessor() {
    over_ = true;
    for (auto& thread : threads_) thread.join();
  }
  BusyProcessor(const BusyProcessor&) = delete;
  BusyProcessor& operator=(const BusyProcessor&) = delete;

 private:
  std::atomic<bool> over_{false};
  std::vector<std::thread> threads_;
};

}  // namespace

TEST_CASE("a generator without descriptors, punctual timers or a processor is told to be the limit",
          "[simulate]") {
  const ServerProcess server;
#ifndef __SANITIZE_ADDRESS__  // UBSan looks at memory through a pipe, and takes it for gone when it gets none
  SECTION("few descriptors") {
    const Folder folder("scenario");
    const auto lists = only_lists(folder);  // needs no items: whatever opens a connection is a user
    const auto ran = measure(server, {"-u", "200", "-r", "100", "-t", "3s", "--scenario", lists},
                             [](TroupeProcess& process) {
                               pass_time(process);
                               const rlimit few{60, 60};  // while the users are still coming
                               if (open_descriptors(process.pid()) > 60)
                                 prlimit(process.pid(), RLIMIT_NOFILE, &few, nullptr);
                             });
    CHECK(ran.code == 5);
    CHECK(ran.result.verdict.saturated == true);
    CHECK_THAT(all_of(ran.result.verdict.reasons),
               Contains("limit of the generator's own machine") && Contains("Too many open files"));
  }
#endif
  SECTION("timers that come late, of arrivals") {
    const auto ran = measure(server, {"--arrival-rate", "200", "-t", "2s"}, stutter);
    CHECK(ran.code == 5);
    CHECK_THAT(all_of(ran.result.verdict.reasons), Contains("after their moment (lag)"));
  }
  SECTION("timers that come late, of users who do not think") {
    const auto ran = measure(server, {"-u", "2", "--scenario", "read", "-t", "5s"}, stutter);
    CHECK(ran.code == 5);
    CHECK_THAT(all_of(ran.result.verdict.reasons), Contains("timers came"));
  }
  SECTION("a processor that others want") {
    std::optional<BusyProcessor> busy;
    const auto ran = measure(server, {"--arrival-rate", "500", "-t", "3s"}, [&](TroupeProcess& process) {
      if (!busy && threads_of(process.pid()).size() > 2) busy.emplace(process.pid());
      pass_time(process);
    });
    CHECK(ran.code == 5);
    CHECK(ran.result.verdict.saturated == true);
  }
}

TEST_CASE("a server that is slow, that stands still or that refuses is never blamed on the generator",
          "[simulate]") {
  SECTION("it stands still half of the time") {
    ServerProcess server;
    const auto load = GENERATE(std::vector<std::string>{"--arrival-rate", "200", "-t", "2s"},
                               std::vector<std::string>{"-u", "1", "--scenario", "read", "-t", "5s"});
    const auto ran = undisturbed(
        [&] { return measure(server, load, [&](TroupeProcess&) { stutter(server.process()); }); });
    CAPTURE(load, ran.result.verdict.reasons);
    CHECK(ran.code == 0);
    CHECK(ran.result.verdict.saturated == false);
    CHECK(ran.result.total.good.response.max > 20ms);
  }
  SECTION("it takes long for each answer, of one connection") {
    const auto transport = GENERATE(as<std::string>{}, "direct", "http");
    const auto service = GENERATE(as<std::string>{}, "fixed:5ms", "exponential:10ms", "serial:2ms");
    const auto ran = undisturbed([&] {
      TroupeProcess process(Launch{{"simulate", "--stand-in-database=" + service, "--transport", transport,
                                    "--pool-size", "1", "--arrival-rate", "600", "-t", "1s", "--warm-up",
                                    "0s", "--strict", "--quiet", "--json", "-"}});
      const auto done = process.finish();
      INFO(done.err);
      return Ran{done.code, sim::read_json(done.out).value()};
    });
    CAPTURE(transport, service, ran.result.verdict.reasons);
    CHECK(ran.code == 0);
    CHECK(ran.result.verdict.saturated == false);
  }
  SECTION("it takes no more than a few connections") {
    const ServerProcess server({"--max-connections", "4"});
    const Folder folder("scenario");
    const auto lists = only_lists(folder);
    const auto ran = undisturbed([&] {
      return measure(server, {"-u", "16", "--timeout", "500ms", "-t", "2s", "--scenario", lists}, pass_time);
    });
    CAPTURE(ran.result.verdict.reasons);
    CHECK(ran.result.verdict.saturated == false);
    CHECK(ran.result.total.timed_out > 0);
  }
}

TEST_CASE("a killed run's record tells all of its seconds but the last", "[simulate]") {
  const Folder folder("record");
  const auto file = (folder / "run.record").string();
  const auto report = [&] { return run_troupe({.arguments = {"report", file, "--json", "-"}}); };
  {
    TroupeProcess process(Launch{
        {"simulate", "--stand-in-database", "-t", "60s", "--warm-up", "0s", "--quiet", "--record", file}});
    wait_until("two seconds", [&] {
      const auto told = report();
      return told.code == 0 && sim::read_json(told.out).value().run.elapsed >= 2s;
    });
    process.signal(SIGKILL);
    CHECK(process.finish().code == -SIGKILL);
  }
  const auto result = sim::read_json(report().out).value();
  CHECK(result.run.interrupted);
  CHECK(result.verdict.saturated == std::nullopt);
  CHECK(result.total.requests > 0);
  CHECK(result.series.size() == static_cast<std::size_t>(result.run.elapsed.count()));
  CHECK_THAT(run_troupe({.arguments = {"simulate", "--stand-in-database", "-t", "1s", "--record", file}}).err,
             Contains("File exists"));
}
