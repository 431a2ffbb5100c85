#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/client/cookie_jar.hpp"
#include "sim/transport/http_transport.hpp"

namespace troupe::sim {

/// A user's way to an HTTP server. What comes over its socket is read when the engine tells of it, outside of
/// the user's turns; the user is told once, when the answer is there (LinkReady).
class HttpLink final : public Link, private HttpConnectionUser {
 public:
  HttpLink(caf::event_based_actor& user, const HttpTarget& target, HttpSeat& seat, std::uint64_t number);
  ~HttpLink() override { close(); }

  std::optional<Answer> send(Call& call, std::uint64_t ticket, TimePoint now) override;
  std::optional<Answer> on_socket(const LinkReady& ready) override;
  std::optional<FailureSample> sample(std::span<const std::string> secrets) override;
  void give_up() override;
  void close() override;

 private:
  /// A connection to where redirects led.
  struct Elsewhere {
    KnownServer* server;
    std::shared_ptr<HttpConnection> connection;
  };
  /// Of a user, beside the one to its target.
  static constexpr std::size_t most_elsewhere = 2;

  void on_answered() override;
  void send_request();
  void add_times();
  void keep_cookies(const ResponseHead& head);
  bool follow(const ResponseHead& head);
  void go_to(KnownServer& server);
  Answer answer();
  bool needs_body() const;
  std::string_view take_body();
  const HttpResponse* show();

  caf::event_based_actor& user_;
  const HttpTarget& target_;
  HttpSeat& seat_;
  std::uint64_t number_;
  std::shared_ptr<HttpConnection> connection_;  ///< to the target
  std::vector<Elsewhere> elsewhere_;            ///< most_elsewhere of them; the last one was used last
  HttpConnection* current_;                     ///< of the request under way
  KnownServer* server_;                         ///< its other end
  const Task* task_ = nullptr;                  ///< of the call under way
  CallListener* listener_ = nullptr;            ///< the same
  const TableMaterial* table_ = nullptr;        ///< the same
  std::string request_;
  std::unique_ptr<CookieJar> cookies_;  ///< once there are any
  std::string redirect_fault_;          ///< why a redirect was not followed
  TimePoint sent_at_{};
  RequestTimes times_;          ///< of all requests of the call
  std::uint64_t call_ = 0;      ///< counts them
  std::uint8_t redirects_ = 0;  ///< that this one has followed
  bool added_cookies_ = false;  ///< to the request, from the jar
  bool wants_fields_ = false, wants_body_ = false;
  bool sending_ = false;  ///< `send` is under way, and returns what is known by its end
  bool answered_ = false;
  bool has_response_ = false;  ///< to the call, as the connection has it
};

}  // namespace troupe::sim
