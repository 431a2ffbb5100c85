#pragma once

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/random.hpp"
#include "support/time.hpp"
#include "world/load/choose.hpp"
#include "world/load/load_log.hpp"
#include "world/network/link.hpp"
#include "world/tables/world_table.hpp"
#include "world/time/event_queue.hpp"
#include "world/time/span.hpp"

namespace troupe::world {

/// How a client behaves.
struct ClientTraits {
  LinkTraits link;
  std::size_t depth = 1;  ///< requests that are under way at once, at most
  Span think;             ///< between an answer and the next request
};

/// What clients of a world share.
struct LoadPlace {
  EventQueue& events;
  const std::vector<WorldTable>& tables;
  LoadMix mix;
  KeyBook keys;
  LoadLog log;
  /// A new connection to the server.
  std::function<std::shared_ptr<Link>(const LinkTraits&, Rng)> connect;
};

/// A client that asks, remembers what it was told, and connects again when its connection ends. It knows
/// nothing of what is right beyond HTTP itself: that is judged from the log. Outlives its events.
class Client {
 public:
  Client(LoadPlace& place, std::size_t number, const ClientTraits& traits, std::uint64_t seed);

  void start();
  /// Asks no more; what is under way is still waited for.
  void stop_asking() { asking_ = false; }
  /// Closes its connection.
  void leave();
  bool waits() const { return !under_way_.empty(); }
  /// The connection now; null: none.
  Link* link() { return link_.get(); }
  const ClientTraits& traits() const { return traits_; }

 private:
  using Parser = boost::beast::http::response_parser<boost::beast::http::string_body>;

  void connect();
  void think();
  void ask();
  void send(const std::string& text);
  void send_rest(const std::string& text, std::uint64_t link, std::uint64_t number);
  void on_bytes(std::string_view bytes);
  void on_answer(Parser& parser);
  void on_end();
  void remember(const Exchange& exchange);

  LoadPlace& place_;
  std::size_t number_;
  ClientTraits traits_;
  Rng random_;
  std::uint64_t seed_;
  std::uint64_t links_ = 0, marks_ = 0;
  bool asking_ = true;
  bool thinking_ = false;
  bool stalled_ = false;  ///< a request is half sent
  bool ended_ = false;    ///< our side of the connection, or the server said that it will close
  std::shared_ptr<Link> link_;
  std::deque<std::uint64_t> under_way_;  ///< numbers, in the order of their answers
  std::unique_ptr<Parser> parser_;
  std::string unparsed_;
  SeenVersions seen_;
};

}  // namespace troupe::world
