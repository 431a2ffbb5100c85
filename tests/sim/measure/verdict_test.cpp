#include "sim/measure/verdict.hpp"

#include <catch2/catch.hpp>

#include "sim/output/live_view.hpp"
#include "sim/scenario/scenario_reader.hpp"

using namespace troupe;
using namespace troupe::sim;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<Plan> plan(LoadModel model = LoadModel::closed, const char* think = "1s") {
  auto out = std::make_shared<Plan>();
  out->scenario = std::make_shared<Scenario>(
      parse_scenario(std::string("think_time = { kind = \"constant\", value = \"") + think +
                         "\" }\n[[task]]\ndo = \"list\"\n",
                     "t.toml")
          .value());
  out->model = model;
  return out;
}

/// 100 users at 50 requests a second, each of 1 s, over 10 measured seconds.
RunResult result() {
  RunResult out;
  out.total.requests = 500;
  out.total.rate_per_s = 50;
  out.total.good.response.mean = 1s;
  for (std::uint64_t second = 0; second < 12; ++second) {
    SeriesPoint point;
    point.second = second;
    point.measured = second >= 2;
    point.users = second < 2 ? 1 : 100;
    out.series.push_back(point);
  }
  return out;
}

constexpr auto outside = GeneratorFacts::Server::outside;

Histogram timers(Duration lag, std::uint64_t count) {
  Histogram out;
  out.record(lag, count);
  return out;
}

}  // namespace

TEST_CASE("a generator with CPU to spare and punctual timers kept up, and its ceiling is told",
          "[sim][verdict]") {
  const auto verdict = judge_generator(result(), *plan(), {{0.5, 0.25}, {}, timers(1ms, 1000), {}, outside});
  CHECK(verdict.saturated == false);
  CHECK(verdict.reasons.empty());
  CHECK(verdict.user_ceiling == Approx(200));
}

TEST_CASE("where users and server share the workers, the users' part is told", "[sim][verdict]") {
  GeneratorFacts facts{{0.9}, {0.9}, timers(1ms, 1000), {}, GeneratorFacts::Server::on_same_workers, 0.25};
  CHECK(judge_generator(result(), *plan(), facts).users_share == 0.25);
  facts.server = outside;  // their CPU is told
  CHECK_FALSE(judge_generator(result(), *plan(), facts).users_share);
}

TEST_CASE("each thing that makes a generator the bottleneck is a reason of its own", "[sim][verdict]") {
  auto run = result();
  GeneratorFacts facts{{0.2}, {}, timers(1ms, 1000), {}, outside};
  std::string reason;
  SECTION("a worker that was busy all the time") {
    facts.worker_cpu = {0.2, 0.99};
    reason = "worker 1 was busy 99 % of the time: use more --workers or another machine";
  }
  SECTION("requests that started late") {
    run.total.good.lag.count = 1000;
    run.total.good.lag.p99 = 25ms;
    reason =
        "1 % of the requests started 25.0 ms or more after their moment (lag): the generator wants more CPU "
        "than it gets";
  }
  auto planned = plan(LoadModel::open);
  SECTION("late timers, where users do not think and so have no lag") {
    facts.timer_lag = timers(20ms, 1000);
    planned = plan(LoadModel::closed, "0s");
    reason =
        "1 % of the workers' timers came 20.0 ms late or more: the generator wants more CPU than it gets";
  }
  const auto verdict = judge_generator(run, *planned, facts);
  CHECK(verdict.saturated == true);
  CHECK(verdict.reasons == std::vector<std::string>{reason});
}

TEST_CASE("a limit of the generator's own machine is a reason, and names what was met", "[sim][verdict]") {
  auto run = result();
  run.failures = {{"get", "GET", "connection", "connection broke", 9},
                  {"get", "GET", "generator", "cannot connect: Cannot assign requested address", 5},
                  {"list", "GET", "generator", "cannot open a socket: Too many open files", 2}};
  const auto verdict = judge_generator(run, *plan(), {{0.2}, {}, {}, {}, outside});
  CHECK(verdict.reasons ==
        std::vector<std::string>{"7 requests met a limit of the generator's own machine (cannot connect: "
                                 "Cannot assign requested address): raise it, or use fewer users"});
}

TEST_CASE("a mix that is off by more than two points and by more than chance is told", "[sim][verdict]") {
  struct Case {
    std::uint64_t creates, requests;
    std::size_t notes;
  };
  const auto mix = GENERATE(values<Case>({{300, 1'000, 2}, {220, 1'000, 0}, {239, 10'000, 2}, {4, 10, 0}}));
  auto run = result();
  run.total.requests = mix.requests;
  run.tasks.resize(2);
  run.tasks[0].requests = mix.creates;
  run.tasks[0].wanted_share = 0.22;
  run.tasks[1].requests = mix.requests - mix.creates;
  run.tasks[1].wanted_share = 0.78;
  const auto verdict = judge_generator(run, *plan(), {{0.2}, {}, {}, {}, outside});
  CAPTURE(mix.creates, mix.requests);
  CHECK(verdict.notes.size() == mix.notes);
}

TEST_CASE("a few timers or requests that came late are an anecdote", "[sim][verdict]") {
  struct Case {
    std::uint64_t punctual, late;
    bool blamed;
  };
  const auto seen = GENERATE(
      values<Case>({{0, 50, false}, {250, 5, false}, {250, 20, true}, {2000, 15, false}, {2000, 40, true}}));
  CAPTURE(seen.punctual, seen.late);
  auto lags = timers(0ms, seen.punctual);
  lags.record(20ms, seen.late);
  SECTION("timers, where users do not think") {
    const auto users = plan(LoadModel::closed, "0s");
    CHECK(judge_generator(result(), *users, {{0.2}, {}, lags, {}, outside}).saturated == seen.blamed);
  }
  SECTION("requests, of which as few as there are say something") {
    auto run = result();
    static_cast<LatencySummary&>(run.total.good.lag) = summarize(lags);
    const bool blamed = seen.blamed || seen.punctual == 0;
    CHECK(judge_generator(run, *plan(LoadModel::open), {{0.2}, {}, {}, {}, outside}).saturated == blamed);
  }
}

TEST_CASE("arrivals that were dropped are a fact about the cap, and no reason by themselves",
          "[sim][verdict]") {
  auto run = result();
  run.total.dropped = 20;
  const auto verdict = judge_generator(run, *plan(LoadModel::open), {{0.2}, {}, {}, {}, outside});
  CHECK(verdict.saturated == false);
  CHECK(verdict.notes ==
        std::vector<std::string>{"20 of 520 arrivals found 1000 requests under way and 100000 "
                                 "waiting, and were dropped"});
}

TEST_CASE("on workers shared with our own server full CPU is a note, and tells no ceiling",
          "[sim][verdict]") {
  const auto verdict =
      judge_generator(result(), *plan(), {{0.99}, {}, {}, {}, GeneratorFacts::Server::on_same_workers});
  CHECK(verdict.saturated == false);
  CHECK(verdict.notes.size() == 1);
  CHECK(verdict.user_ceiling == 0);
}

TEST_CASE("Little's law holds what was seen under way against rate and service time", "[sim][verdict]") {
  auto run = result();
  run.run.measured = Seconds(10);
  run.total.good.service.mean = 20ms;
  run.total.good.service.count = 500;
  const auto law = [&](BusyFigures busy) {
    return judge_generator(run, *plan(), {{}, {}, {}, busy, outside});
  };
  const auto right = law({1.0, 0.01, 0});
  REQUIRE(right.littles_law);
  CHECK(right.littles_law->expected_busy == Approx(1));
  CHECK(right.notes.empty());
  const auto wrong = law({2.0, 0.01, 0});
  CHECK(wrong.littles_law->deviation == Approx(-0.5));
  CHECK_THAT(wrong.notes.at(0), Catch::StartsWith("Little's law does not hold"));
  run.run.measured = Seconds(0.5);  // too short against its requests to tell
  CHECK(law({2.0, 0.01, 0}).notes.empty());
  CHECK_FALSE(law({0, 0, 0}).littles_law);
}

TEST_CASE("an open load tells what was offered, answered and left", "[sim][verdict]") {
  auto run = result();
  run.run.measured = Seconds(10);
  run.total.good.response.count = 900;
  run.total.bad.response.count = 50;
  run.total.dropped = 50;
  run.total.drained = 400;
  const auto verdict = judge_generator(run, *plan(LoadModel::open), {{}, {}, {}, {40, 1, 7.5}, outside});
  REQUIRE(verdict.open_load);
  CHECK(verdict.open_load->offered_per_s == 100);
  CHECK(verdict.open_load->answered_per_s == 50);
  CHECK(verdict.open_load->backlog == 400);
  CHECK(verdict.open_load->backlog_per_s == 7.5);
  CHECK_FALSE(judge_generator(run, *plan(), {}).open_load);
}

TEST_CASE("busy shares are CPU time over wall time", "[sim][verdict]") {
  CHECK(busy_shares({1s, 0s}, {2s, 3s}, 2s) == std::vector<double>{0.5, 1.0});
  CHECK(busy_shares({1s}, {2s}, 0s).empty());
}

TEST_CASE("the live line tells the second, users, rate, latencies and errors", "[sim][live]") {
  SeriesPoint point;
  point.second = 11;
  point.users = 200;
  point.rate_per_s = 98;
  point.p50 = 1'200us;
  point.p99 = 8ms;
  point.failed_so_far = 3;
  CHECK(live_line(point) == "  12 s  200 users  98/s  p50 1.20 ms  p99 8.00 ms  3 errors");
  point.dropped = 5;
  CHECK_THAT(live_line(point), Catch::EndsWith("3 errors  5 dropped"));
}

TEST_CASE("the progress bar grows towards the end", "[sim][live]") {
  CHECK(progress_bar(0) == "[>                   ]   0%");
  CHECK(progress_bar(0.5) == "[==========>         ]  50%");
  CHECK(progress_bar(2) == "[====================] 100%");
}

TEST_CASE("a terminal sees the progress bar in front of the line, a pipe does not", "[sim][live]") {
  using Mode = troupe::report::StatusLine::Mode;
  const auto shown = [](Mode mode) {
    std::ostringstream out;
    LiveView view({out, mode, [] { return std::size_t{200}; }});
    view.show({}, 0.5);
    view.show({}, std::nullopt);
    view.close();
    return out.str();
  };
  const auto line = live_line({});
  CHECK(shown(Mode::lines) == line + "\n" + line + "\n");
  CHECK(shown(Mode::rewrite) == "\r" + progress_bar(0.5) + line + "\x1b[K\r" + line + "\x1b[K\n");
}
