// Bytes of a client through a session, a connection actor and the endpoints of the whole API.
#include "fuzz/fuzz_server.hpp"
#include "fuzz/fuzz_target.hpp"

namespace troupe::fuzz {
namespace {

/// Says the kinds of failure one after the other, and now and then that there is no such row.
class Refusals {
 public:
  actors::Outcome next() {
    using Kind = actors::Failure::Kind;
    constexpr std::size_t kinds = static_cast<std::size_t>(Kind::internal) + 1;
    const auto place = count_++ % (kinds + 1);
    if (place == kinds) return actors::NotFound{};
    actors::Failure failure{static_cast<Kind>(place), place % 2 == 0};
    failure.refusal = std::make_shared<const actors::Refusal>(
        actors::Refusal{"what \"PostgreSQL\" says\n", "kinds_code_key", "code", place % 3 == 0});
    return failure;
  }

 private:
  std::size_t count_ = 0;
};

std::string try_session(std::string_view input) {
  static auto& server = *new FuzzServer;  // CAF is gone before what is static would be
  const auto choice = take_choice(input, 4);
  Refusals refusals;
  return server.talk(input, choice % 2 == 1, [&](const actors::Command& command) {
    if (choice < 2 || command.kind == actors::CommandKind::ping) return plain_answer(command);
    auto refusal = refusals.next();
    // A list without rows is a list.
    const bool no_row = std::holds_alternative<actors::NotFound>(refusal);
    return no_row && command.kind == actors::CommandKind::list ? plain_answer(command) : refusal;
  });
}

const Register session_target({"session",
                               try_session,
                               {"\r\n",
                                "\r\n\r\n",
                                "GET ",
                                "HEAD ",
                                "POST ",
                                "PUT ",
                                "PATCH ",
                                "DELETE ",
                                "OPTIONS ",
                                "/items/",
                                "/kinds/1",
                                "/lines/1/a/2024-01-01",
                                "/events/",
                                "/sums/?number=1",
                                "/moves/",
                                "/openapi.json",
                                "/docs",
                                "/metrics",
                                " HTTP/1.1\r\nHost: a\r\n",
                                "Accept: text/html\r\n",
                                "Accept: application/msgpack\r\n",
                                "If-Match: *\r\n",
                                "If-None-Match: \"1\"\r\n",
                                "Content-Type: application/json\r\n",
                                "Content-Type: application/x-www-form-urlencoded\r\n",
                                "Expect: 100-continue\r\n",
                                "Content-Length: 2\r\n\r\n{}",
                                "Transfer-Encoding: chunked\r\n"}});

}  // namespace
}  // namespace troupe::fuzz
