#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sim/client/cookie_jar.hpp"
#include "sim/transport/http_transport.hpp"

namespace troupe::sim {

/// A user's way to an HTTP server. What comes over its socket is read when the engine tells of it, outside of
/// the user's turns; the user is told once, when the answer is there (LinkReady).
class HttpLink final : public Link, private HttpConnectionUser {
 public:
  HttpLink(caf::event_based_actor& user, const HttpTarget& target, HttpSeat& seat, std::uint64_t number);
  ~HttpLink() override { connection_->close(); }

  std::optional<Answer> send(Call& call, std::uint64_t ticket, TimePoint now) override;
  std::optional<Answer> on_socket(const LinkReady& ready) override;
  std::optional<FailureSample> sample() override;
  void give_up() override;
  void close() override { connection_->close(); }

 private:
  void on_answered() override;
  void send_request();
  void keep_cookies(const ResponseHead& head);
  bool follow(const ResponseHead& head);
  Answer answer();
  bool needs_body() const;
  std::string_view take_body();
  const HttpResponse* show();

  caf::event_based_actor& user_;
  const HttpTarget& target_;
  HttpSeat& seat_;
  std::shared_ptr<HttpConnection> connection_;
  const Task* task_ = nullptr;            ///< of the call under way
  const TableMaterial* table_ = nullptr;  ///< the same
  std::string request_;
  std::unique_ptr<CookieJar> cookies_;  ///< once there are any
  std::string redirect_fault_;          ///< why a redirect was not followed
  TimePoint sent_at_{};
  std::uint64_t call_ = 0;      ///< counts them
  std::uint8_t redirects_ = 0;  ///< that this one has followed
  bool added_cookies_ = false;  ///< to the request, from the jar
  bool wants_fields_ = false, wants_body_ = false;
  bool sending_ = false;  ///< `send` is under way, and returns what is known by its end
  bool answered_ = false;
  bool has_response_ = false;  ///< to the call, as the connection has it
};

}  // namespace troupe::sim
