#include "support/name_lookups.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <memory>

#include "helpers/eventually.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

/// A resolver that answers when the test says so: a name is its own address, and "nowhere" has none.
struct SlowResolver {
  NameLookups::Resolve resolve() const {
    return [counted = calls, shared = answers](const std::string& name) -> Addresses {
      ++*counted;
      shared.wait();
      if (name == "nowhere") return Error{ErrorCode::unavailable, "nowhere to be found"};
      return std::vector{name};
    };
  }
  void answer() { promise.set_value(); }

  std::promise<void> promise;
  std::shared_future<void> answers = promise.get_future().share();
  std::shared_ptr<std::atomic<int>> calls = std::make_shared<std::atomic<int>>(0);
};

/// Counts how often it is told.
struct Told {
  std::function<void()> function() const {
    return [counter = count] { ++*counter; };
  }
  bool once() const {
    return eventually([&] { return *count == 1; });
  }
  std::shared_ptr<std::atomic<int>> count = std::make_shared<std::atomic<int>>(0);
};

}  // namespace

TEST_CASE("all who ask for a name share one look-up, and each is told once when all of its names are there") {
  SlowResolver resolver;
  NameLookups lookups(resolver.resolve());
  const Told first_told, second_told;
  const auto first = lookups.ask({"a"}, first_told.function());
  const auto second = lookups.ask({"a", "nowhere", "a"}, second_told.function());
  CHECK_FALSE(first->done_already());
  CHECK(*first_told.count == 0);
  resolver.answer();
  CHECK(first_told.once());
  CHECK(second_told.once());
  CHECK(*resolver.calls == 2);
  CHECK(first->found().size() == 1);
  const auto found = second->found();
  CHECK(found.at("a").value() == std::vector<std::string>{"a"});
  CHECK(found.at("nowhere").error().message == "nowhere to be found");
  CHECK_FALSE(first->done_already());
}

TEST_CASE("an answer counts for a while for who asks after it came") {
  const auto keep = GENERATE(0ms, 1h);
  SlowResolver resolver;
  resolver.answer();
  NameLookups lookups(resolver.resolve(), keep);
  const Told told;
  const auto first = lookups.ask({"a"}, told.function());
  CHECK(told.once());
  const Told again;
  const auto second = lookups.ask({"a"}, again.function());
  CHECK(second->done_already() == (keep > 0ms));
  if (keep > 0ms) {
    CHECK(second->found().at("a").value() == std::vector<std::string>{"a"});
    CHECK(*again.count == 0);
    CHECK(*resolver.calls == 1);
  } else {
    CHECK(again.once());
    CHECK(*resolver.calls == 2);
  }
}

TEST_CASE("who cancels hears nothing more, and what it was told by is let go of at once") {
  SlowResolver resolver;
  NameLookups lookups(resolver.resolve(), 0ms);
  const auto held = std::make_shared<int>();
  const Told told, other_told;
  auto asked = lookups.ask({"a"}, [held, tell = told.function()] { tell(); });
  const auto other = lookups.ask({"a"}, other_told.function());
  CHECK(held.use_count() == 2);
  asked->cancel();
  CHECK(held.use_count() == 1);
  resolver.answer();
  CHECK(other_told.once());
  CHECK(*told.count == 0);
}

TEST_CASE("one that settles for less goes on with the first host that it can use") {
  std::promise<void> never;
  NameLookups lookups([answer = never.get_future().share()](const std::string& name) -> Addresses {
    if (name == "slow") answer.wait();
    if (name == "nowhere") return Error{ErrorCode::unavailable, "nowhere to be found"};
    return std::vector{name};
  });
  const Told told;
  SECTION("when there are others that need no look-up") {
    const auto asked = lookups.ask({"slow"}, told.function());
    CHECK(*told.count == 0);
    asked->settle_for_less(true);
    CHECK(*told.count == 1);
    CHECK(asked->found().empty());
  }
  SECTION("when another name has its addresses") {
    const auto asked = lookups.ask({"slow", "quick"}, told.function());
    CHECK(eventually([&] { return asked->found().size() == 1; }));
    CHECK(*told.count == 0);
    asked->settle_for_less(false);
    CHECK(*told.count == 1);
  }
  SECTION("not when all others have none, until the last answer has come") {
    const auto asked = lookups.ask({"slow", "nowhere"}, told.function());
    CHECK(eventually([&] { return asked->found().size() == 1; }));
    asked->settle_for_less(false);
    CHECK(*told.count == 0);
    never.set_value();
    CHECK(told.once());
    return;
  }
  never.set_value();
}

TEST_CASE("nobody waits for a look-up that goes on, and it finds everything still there when it ends") {
  SlowResolver resolver;
  const Told told;
  {
    NameLookups lookups(resolver.resolve());
    const auto asked = lookups.ask({"a"}, told.function());
  }
  CHECK(eventually([&] { return *resolver.calls == 1; }));
  resolver.answer();
  std::this_thread::sleep_for(10ms);
  CHECK(*told.count == 0);
}

TEST_CASE("the system's resolver gives numeric addresses, or says why not in one line") {
  const auto local = addresses_of("localhost");
  REQUIRE(local.has_value());
  for (const auto& address : *local) CHECK((address == "127.0.0.1" || address == "::1"));
  const auto none = addresses_of("no such name");
  REQUIRE(none.has_error());
  CHECK(none.error().code == ErrorCode::unavailable);
  CHECK_THAT(none.error().message,
             Catch::StartsWith("could not translate host name \"no such name\" to address: "));
}
