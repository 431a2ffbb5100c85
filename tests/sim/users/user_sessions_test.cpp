// Users of classes in virtual time, on a transport that answers from a script.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "helpers/virtual_swarm.hpp"
#include "sim/load/check_plan.hpp"
#include "sim/scenario/scenario_reader.hpp"

using namespace troupe;
using namespace troupe::sim;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

/// What came to the scripted server.
struct SessionAsked {
  std::uint64_t user;  ///< its link's number
  std::string task;
  std::string path;
  Duration when{};
};

/// Answers at once, with what the script says of the request.
class ScriptedTransport final : public Transport {
 public:
  struct Scripted {
    int status = 200;
    std::string body = "{}";
  };
  using Script = std::function<Scripted(const SessionAsked&)>;

  ScriptedTransport(VirtualTime& time, Script script)
      : time_(time), script_(std::move(script)), start_(time.timers().now()) {}

  std::unique_ptr<Link> make_link(caf::event_based_actor&, actors::Worker&, std::uint64_t number) override {
    return std::make_unique<ScriptedLink>(*this, number);
  }
  std::vector<SessionAsked> asked;

  std::vector<std::string> tasks_of(std::uint64_t user) const {
    std::vector<std::string> tasks;
    for (const auto& one : asked) {
      if (one.user == user) tasks.push_back(one.task);
    }
    return tasks;
  }
  std::size_t count(std::string_view task) const {
    return static_cast<std::size_t>(std::ranges::count(asked, task, &SessionAsked::task));
  }

 private:
  class ScriptedLink final : public Link {
   public:
    ScriptedLink(ScriptedTransport& owner, std::uint64_t number) : owner_(owner), number_(number) {}
    std::optional<Answer> send(Call& call, std::uint64_t, TimePoint now) override {
      SessionAsked asked{number_, call.task->name, {}, now - owner_.start_};
      render_path(call, asked.path);
      scripted_ = owner_.script_(asked);
      owner_.asked.push_back(asked);
      response_ = {.status = scripted_.status, .body = scripted_.body};
      return Answer{.status = scripted_.status,
                    .response = call.wants_body || call.wants_fields ? &response_ : nullptr};
    }

   private:
    ScriptedTransport& owner_;
    std::uint64_t number_;
    Scripted scripted_;
    HttpResponse response_;
  };

  VirtualTime& time_;
  Script script_;
  TimePoint start_;
};

struct Failed {
  std::map<std::string, std::uint64_t> counts;  ///< by "task kind: message"
  std::uint64_t requests = 0;
};

Plan plan_of(const std::string& toml, double users, Duration length) {
  Plan plan;
  plan.scenario = std::make_shared<Scenario>(parse_scenario(toml, "t.toml").value());
  plan.profile = Profile::constant(users, length);
  plan.seed = 1;
  return plan;
}

Failed run(VirtualTime& time, const Plan& plan, Transport& transport) {
  Failed failed;
  run_swarm(time, plan, transport, {}, nullptr, [&](Interval interval) {
    for (const auto& failure : interval.failures)
      failed.counts[plan.scenario->tasks[failure.task].name + " " + std::string(to_string(failure.outcome)) +
                    ": " + failure.message] += failure.count;
    for (const auto& task : interval.tasks) failed.requests += task.finished();
  });
  return failed;
}

const std::string login =
    "[[user]]\nthink_time = { kind = \"constant\", value = \"1s\" }\n"
    "[[user.start]]\nname = \"login\"\nmethod = \"POST\"\npath = \"/login\"\n"
    "extract = { token = \"/token\" }\n"
    "[[user.task]]\nname = \"private\"\nmethod = \"GET\"\npath = \"/private/{token}\"\n"
    "[[user.stop]]\nname = \"logout\"\nmethod = \"POST\"\npath = \"/logout/{token}\"\n";

ScriptedTransport::Scripted own_token(const SessionAsked& asked) {
  return {200, "{\"token\":\"t" + std::to_string(asked.user) + "\"}"};
}

}  // namespace

TEST_CASE("a user logs in once, works with its own token, and says goodbye") {
  VirtualTime time;
  ScriptedTransport transport(time, own_token);
  const auto failed = run(time, plan_of(login, 3, 10s), transport);
  CHECK(failed.counts.empty());
  for (std::uint64_t user = 0; user < 3; ++user) {
    auto tasks = transport.tasks_of(user);
    REQUIRE(tasks.size() >= 10);
    CHECK(tasks.front() == "login");
    CHECK(tasks.back() == "logout");
    CHECK(std::count(tasks.begin(), tasks.end(), "private") == static_cast<long>(tasks.size()) - 2);
  }
  for (const auto& one : transport.asked) {
    if (one.task != "login") CHECK(one.path.ends_with("/t" + std::to_string(one.user)));
  }
  CHECK(failed.requests == transport.asked.size() - 3);  // a goodbye behind the load is no part of it
}

TEST_CASE("a login that fails is tried again, later and later, and nothing else is sent before it") {
  const auto [answer, message] = GENERATE(table<ScriptedTransport::Scripted, std::string>({
      {{401, "{\"token\":\"t\"}"}, "login status: 401"},
      {{200, "{}"}, "login check: cannot take token: the body has no /token"},
      {{200, "oops"}, "login check: cannot take token: the body is not JSON"},
  }));
  VirtualTime time;
  ScriptedTransport transport(time, [answer = answer](const SessionAsked&) { return answer; });
  const auto failed = run(time, plan_of(login, 1, 60s), transport);
  CHECK(transport.count("login") == transport.asked.size());
  CHECK(transport.asked.size() < 15);
  CHECK(failed.counts == std::map<std::string, std::uint64_t>{{message, transport.asked.size()}});
  for (std::size_t i = 2; i < transport.asked.size(); ++i) {
    const auto pause = transport.asked[i].when - transport.asked[i - 1].when;
    CHECK(pause >= transport.asked[i - 1].when - transport.asked[i - 2].when);
    CHECK(pause <= 14s);
  }
}

TEST_CASE("a user whose login works at last goes on from there") {
  VirtualTime time;
  ScriptedTransport transport(time, [n = 0](const SessionAsked& asked) mutable {
    return asked.task == "login" && ++n <= 3 ? ScriptedTransport::Scripted{503, ""} : own_token(asked);
  });
  const auto failed = run(time, plan_of(login, 1, 20s), transport);
  CHECK(transport.count("login") == 4);
  CHECK(transport.count("private") > 10);
  CHECK(failed.counts == std::map<std::string, std::uint64_t>{{"login status: 503", 3}});
}

TEST_CASE("a request that needs a value which no answer gave is not sent, and counted") {
  const std::string toml =
      "[[user]]\nthink_time = { kind = \"constant\", value = \"1s\" }\n"
      "[[user.step]]\nname = \"first\"\nmethod = \"GET\"\npath = \"/first\"\nextract.next = \"/next\"\n"
      "[[user.step]]\nname = \"second\"\nmethod = \"GET\"\npath = \"/second/{next}\"\n";
  VirtualTime time;
  ScriptedTransport transport(time, [n = 0](const SessionAsked&) mutable {
    return ScriptedTransport::Scripted{200, ++n == 1 ? "{\"next\":5}" : "{}"};
  });
  const auto failed = run(time, plan_of(toml, 1, 10s), transport);
  CHECK(transport.count("second") == 1);  // what is not in the next answer is not what it was before
  CHECK(transport.asked[1].path == "/second/5");
  REQUIRE(failed.counts.size() == 2);
  CHECK(failed.counts.contains("first check: cannot take next: the body has no /next"));
  const auto unsent = failed.counts.at("second unsent: needs {next}, which no answer has given");
  CHECK(unsent >= 3);
  CHECK(failed.requests == transport.asked.size());
}

TEST_CASE("requests that cannot be sent do not turn in a circle") {
  const std::string toml =
      "[[task]]\nname = \"a\"\nmethod = \"GET\"\npath = \"/{x}\"\n"
      "[[task]]\nname = \"b\"\nmethod = \"GET\"\npath = \"/\"\nextract.x = \"/x\"\n";
  for (const bool open : {false, true}) {
    auto plan = plan_of(toml, open ? 1'000 : 1, 2s);
    plan.model = open ? LoadModel::open : LoadModel::closed;
    plan.most_users = 1;
    VirtualTime time;
    ScriptedTransport transport(time, [](const SessionAsked&) {
      return ScriptedTransport::Scripted{500, ""};
    });
    const auto failed = run(time, plan, transport);
    CHECK(transport.count("a") == 0);
    CHECK(failed.counts.at("a unsent: needs {x}, which no answer has given") < 2'100);
  }
}

TEST_CASE("a run ends when its users have done their iterations") {
  const auto [pace, requests, of_each] = GENERATE(table<std::string, std::size_t, std::size_t>({
      {"iterations = 4\n", 12, 4},
      {"total_iterations = 7\n", 7, 0},
      {"iterations = 100\ntotal_iterations = 5\n", 5, 0},
  }));
  CAPTURE(pace);
  VirtualTime time;
  ScriptedTransport transport(time, own_token);
  const auto begin = time.timers().now();
  run(time,
      plan_of(pace + "think_time = { kind = \"constant\", value = \"1s\" }\n"
                     "[[task]]\nmethod = \"GET\"\npath = \"/\"\n",
              3, 1h),
      transport);
  CHECK(transport.asked.size() == requests);
  for (std::uint64_t user = 0; user < 3 && of_each > 0; ++user)
    CHECK(transport.tasks_of(user).size() == of_each);
  CHECK(time.timers().now() - begin < 1min);
}

TEST_CASE("users begin as many requests as the plan allows all of them, and no goodbye counts beyond") {
  const std::string pause = "think_time = { kind = \"constant\", value = \"1s\" }\n";
  const auto toml =
      GENERATE(true, false) ? login : pause + "[[task]]\nname = \"a\"\nmethod = \"GET\"\npath = \"/\"\n";
  const auto model = GENERATE(LoadModel::closed, LoadModel::open);
  auto plan = plan_of(toml, model == LoadModel::open ? 1'000 : 4, 1h);
  plan.model = model;
  plan.most_users = 4;
  plan.stop_after = 17;
  VirtualTime time;
  ScriptedTransport transport(time, own_token);
  const auto begin = time.timers().now();
  const auto ran = run(time, plan, transport);
  CAPTURE(toml, model);
  CHECK(ran.counts.empty());
  CHECK(ran.requests == 17);
  CHECK(transport.asked.size() - transport.count("logout") == 17);
  // Nobody waits for the end of a pause to see that nothing is left.
  const auto last = std::ranges::max(transport.asked, {}, &SessionAsked::when);
  CHECK(time.timers().now() - begin - last.when < 100ms);
}

TEST_CASE("every says when the next iteration begins, however long the one before took") {
  const std::string toml =
      "[[user]]\nevery = \"5s\"\n[[user.step]]\nname = \"a\"\nmethod = \"GET\"\npath = \"/\"\n"
      "[[user.step]]\nname = \"b\"\nmethod = \"GET\"\npath = \"/\"\n";
  VirtualTime time;
  ScriptedTransport transport(time, own_token);
  run(time, plan_of(toml, 1, 61s), transport);
  std::vector<Duration> begun;
  for (const auto& one : transport.asked) {
    if (one.task == "a") begun.push_back(one.when);
  }
  REQUIRE(begun.size() >= 12);
  for (std::size_t i = 1; i < begun.size(); ++i) CHECK(begun[i] - begun[i - 1] == 5s);
}

TEST_CASE("users are of their classes as the weights say") {
  const std::string toml =
      "[[user]]\nweight = 3\niterations = 1\n[[user.task]]\nname = \"a\"\nmethod = \"GET\"\npath = \"/\"\n"
      "[[user]]\niterations = 1\n[[user.task]]\nname = \"b\"\nmethod = \"GET\"\npath = \"/\"\n";
  VirtualTime time;
  ScriptedTransport transport(time, own_token);
  run(time, plan_of(toml, 40, 1h), transport);
  CHECK(transport.count("a") == 30);
  CHECK(transport.count("b") == 10);
}

TEST_CASE("a check asks for every task once") {
  VirtualTime time;
  ScriptedTransport transport(time, own_token);
  for (const auto& plan : check_plans(plan_of(login, 1, 1h))) run(time, *plan, transport);
  CHECK(transport.tasks_of(0) == std::vector<std::string>{"login", "private", "logout"});
}
