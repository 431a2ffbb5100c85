#include "actors/database/libpq_session.hpp"

#include <caf/all.hpp>
#include <catch2/catch.hpp>
#include <future>

#include "actors/runtime/runtime.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace std::chrono_literals;

namespace {

/// A session of an owner that the test plays, and a resolver that answers when the test says so.
struct Session {
  explicit Session(const std::string& conninfo) {
    const NameLookups::Resolve resolve =
        [answer = answers.get_future().share()](const std::string& name) -> Addresses {
      answer.wait();
      if (name.ends_with("nowhere")) return Error{ErrorCode::unavailable, "no \"" + name + "\""};
      return std::vector<std::string>{"127.0.0.1"};
    };
    session.emplace(conninfo, std::make_shared<NameLookups>(resolve),
                    SessionOwner{runtime.workers()[0], caf::actor_cast<caf::actor>(self), 7, false});
  }

  std::optional<SocketReady> next_message(std::chrono::milliseconds timeout) {
    std::optional<SocketReady> message;
    self->receive([&](const SocketReady& ready) { message = ready; }, caf::after(timeout) >> [] {});
    return message;
  }
  /// What it fails with, in the end.
  Error error() {
    while (true) {
      const auto connected = session->connect();
      if (connected.has_error()) return connected.error();
      const auto ready = next_message(30s);
      if (!ready || !session->accept(*ready)) throw std::runtime_error("no message that is the session's");
    }
  }

  std::promise<void> answers;
  Runtime runtime{WorkerSettings{.count = 1}};
  caf::scoped_actor self{runtime.system()};
  std::optional<LibpqSession> session;
};

}  // namespace

TEST_CASE("while the resolver takes its time connecting does not block, and then it goes on") {
  Session slow("host=db port=1 user=u");
  CHECK_FALSE(slow.session->connect().value());
  CHECK_FALSE(slow.next_message(20ms));
  slow.answers.set_value();
  const auto ready = slow.next_message(30s);
  REQUIRE(ready);
  CHECK(slow.session->accept(*ready));
  const auto error = slow.error();
  CHECK(error.code == ErrorCode::unavailable);
  CHECK_THAT(error.message, Catch::Contains("127.0.0.1") && Catch::Contains("port 1"));
}

TEST_CASE("names without an address are told, without pieces of a password") {
  Session session("postgresql://u:p@hunter2@nowhere/db");
  session.answers.set_value();
  CHECK_THAT(session.error().message, !Catch::Contains("hunter2"));
  Session other("host=nowhere password=hunter2");
  other.answers.set_value();
  CHECK(other.error().message == "no \"nowhere\"");
}

TEST_CASE("a resolver that does not answer for one host does not keep from the others for long") {
  Session session("host=/nonexistent,db port=1 user=u");
  const auto error = session.error();
  CHECK_THAT(error.message, Catch::Contains("/nonexistent") && Catch::Contains("has not answered yet"));
  session.answers.set_value();
}

TEST_CASE("a session that is gone gets no message, and nothing waits for its look-up") {
  Session session("host=db user=u");
  CHECK_FALSE(session.session->connect().value());
  session.session.reset();
  session.answers.set_value();
  CHECK_FALSE(session.next_message(20ms));
}

TEST_CASE("a malformed connection string is told by the first step") {
  Session session("hots=db");
  CHECK(session.session->connect().error().code == ErrorCode::invalid_argument);
}
