#include "sim/transport/http_link.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <caf/send.hpp>
#include <utility>

#include "sim/client/gunzip.hpp"
#include "sim/client/redirect.hpp"
#include "sim/client/request_text.hpp"
#include "sim/transport/created_key.hpp"
#include "sim/transport/failure_sample.hpp"
#include "sim/transport/render_request.hpp"
#include "support/clean_text.hpp"
#include "support/secret_text.hpp"

namespace troupe::sim {
namespace {

/// RFC 9110 section 9.2.2.
bool is_idempotent(std::string_view method) {
  constexpr std::array<std::string_view, 6> methods{"GET", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE"};
  for (const auto one : methods) {
    if (method == one) return true;
  }
  return false;
}

/// A failure's message that quotes the server: no secrets, fit for people, and short.
std::string shown(std::string_view message) {
  constexpr std::size_t most = 300;
  const auto masked = mask_secrets(message);
  const auto text = clean_text(std::string_view(masked).substr(0, most));
  return masked.size() > most ? text + "…" : text;
}

}  // namespace

HttpLink::HttpLink(caf::event_based_actor& user, const HttpTarget& target, HttpSeat& seat,
                   std::uint64_t number)
    : user_(user),
      target_(target),
      seat_(seat),
      number_(number),
      connection_(std::make_shared<HttpConnection>(seat.place, *seat.servers.target().origin, number,
                                                   static_cast<HttpConnectionUser&>(*this))),
      current_(connection_.get()),
      server_(&seat.servers.target()) {}

std::optional<Answer> HttpLink::send(Call& call, std::uint64_t, TimePoint now) {
  task_ = call.task;
  table_ = call.table;
  listener_ = call.listener;
  wants_fields_ = call.wants_fields;
  wants_body_ = call.wants_body;
  render_request(target_, call, request_, seat_.rendered);
  ++call_;
  answered_ = has_response_ = false;
  redirects_ = 0;
  times_ = {};
  current_ = connection_.get();
  server_ = &seat_.servers.target();
  redirect_fault_.clear();
  sent_at_ = now;
  sending_ = true;
  send_request();
  sending_ = false;
  if (!std::exchange(answered_, false)) return std::nullopt;
  return answer();
}

void HttpLink::send_request() {
  added_cookies_ = false;
  if (cookies_) {
    seat_.cookies.clear();
    cookies_->append_for(server_->origin->host(), target_of(request_), server_->origin->tls() != nullptr,
                         sent_at_, seat_.cookies);
    added_cookies_ = !seat_.cookies.empty() && add_cookies(seat_.cookies, request_);
  }
  if (listener_ != nullptr) listener_->on_sent(request_);
  const auto method = std::string_view(request_).substr(0, request_.find(' '));
  current_->send({.bytes = request_,
                  .is_head = method == "HEAD",
                  .idempotent = is_idempotent(method),
                  .wanted = {.fields = wants_fields_, .body = needs_body(), .good = task_->checks.status}});
}

bool HttpLink::needs_body() const {
  return wants_body_ || task_->operation == Operation::create || !task_->checks.body_contains.empty();
}

void HttpLink::on_answered() {
  if (current_->outcome() == CallOutcome::ok) {
    add_times();
    const auto& head = current_->response().head();
    if (!head.cookies.empty()) keep_cookies(head);
    if (task_->follow != 0 && is_redirect(head.status) && !head.location.empty() && follow(head)) return;
  }
  answered_ = true;
  if (!sending_) caf::anon_send(caf::actor_cast<caf::actor>(&user_), LinkReady{call_});
}

std::optional<Answer> HttpLink::on_socket(const LinkReady& ready) {
  if (ready.call != call_ || !std::exchange(answered_, false)) return std::nullopt;
  return answer();
}

void HttpLink::give_up() {
  current_->close();
  answered_ = false;
}

void HttpLink::close() {
  connection_->close();
  for (const auto& other : elsewhere_) other.connection->close();
}

/// What a redirect took counts as waiting, but for its connection.
void HttpLink::add_times() {
  const auto& times = current_->times();
  times_.connect += times.connect;
  if (times.tls) times_.tls = times_.tls.value_or(Duration{}) + *times.tls;
  times_.first_byte = times.first_byte;
}

// ---- what an answer asks for

void HttpLink::keep_cookies(const ResponseHead& head) {
  if (!cookies_) cookies_ = std::make_unique<CookieJar>();
  for (const auto& one : head.cookies)
    cookies_->take(one, server_->origin->host(), target_of(request_), sent_at_);
}

/// False: it ends here.
bool HttpLink::follow(const ResponseHead& head) {
  if (redirects_ == task_->follow) {
    redirect_fault_ =
        shown(fmt::format("redirected more than {} times, at last to {}", redirects_, head.location));
    return false;
  }
  const auto* const scheme = server_->origin->tls() != nullptr ? "https" : "http";
  const auto base = fmt::format("{}://{}{}", scheme, server_->authority, target_of(request_));
  const auto next = resolve_redirect(base, head.location);
  if (!next) {
    redirect_fault_ = shown(next.error().message);
    return false;
  }
  const auto server = next->elsewhere ? seat_.servers.find(*next->elsewhere) : Result<KnownServer*>(server_);
  if (!server) {
    redirect_fault_ = shown(server.error().message);
    return false;
  }
  if (listener_ != nullptr) listener_->on_redirect(head.status, head.location);
  const bool leaves = *server != server_;
  request_ = redirected(request_, head.status, next->target, !added_cookies_,
                        leaves ? std::string_view((*server)->authority) : std::string_view());
  if (leaves) go_to(**server);
  ++redirects_;
  send_request();
  return true;
}

/// The next request goes to this server.
void HttpLink::go_to(KnownServer& server) {
  server_ = &server;
  if (&server == &seat_.servers.target()) {
    current_ = connection_.get();
    return;
  }
  auto known = std::ranges::find(elsewhere_, &server, &Elsewhere::server);
  if (known == elsewhere_.end()) {
    if (elsewhere_.size() == most_elsewhere) {  // not the one that led here, which was used last
      elsewhere_.front().connection->close();
      elsewhere_.erase(elsewhere_.begin());
    }
    elsewhere_.push_back(
        {&server, std::make_shared<HttpConnection>(seat_.place, *server.origin, number_,
                                                   static_cast<HttpConnectionUser&>(*this))});
  } else {
    std::rotate(known, known + 1, elsewhere_.end());
  }
  current_ = elsewhere_.back().connection.get();
}

// ---- what becomes of an answer

Answer HttpLink::answer() {
  Answer answer{.outcome = current_->outcome()};
  if (answer.outcome != CallOutcome::ok) {
    answer.message = current_->message();
    return answer;
  }
  has_response_ = true;
  if (!redirect_fault_.empty()) return {.outcome = CallOutcome::protocol, .message = redirect_fault_};
  auto& response = current_->response();
  answer.status = response.head().status;
  answer.content_bytes = response.body_bytes();
  answer.times = times_;
  if (const auto fault = take_body(); !fault.empty())
    return {.outcome = CallOutcome::protocol, .message = fault};
  if (task_->operation == Operation::create)
    answer.created = created_key(table_->resource->resource, seat_.body, response.head().location);
  const auto& wanted = task_->checks.body_contains;
  answer.body_matches = wanted.empty() || seat_.body.find(wanted) != std::string::npos;
  answer.body_is_cut = seat_.body_is_cut;
  if (wants_fields_ || wants_body_) answer.response = show();
  return answer;
}

/// Moves the body to the seat, decoded if it is to be looked at; returns what is wrong with it, or nothing.
std::string_view HttpLink::take_body() {
  auto& response = current_->response();
  seat_.body = std::move(response.body());
  seat_.body_is_cut = response.body_is_cut();
  if (!needs_body() || !response.head().gzip || seat_.body.empty()) return {};
  auto unzipped = gunzip(seat_.body, ResponseReader::most_kept_body);
  if (!unzipped.is_gzip ||
      (unzipped.is_cut && !seat_.body_is_cut && unzipped.text.size() < ResponseReader::most_kept_body))
    return "the body is not the gzip that Content-Encoding says it is";
  seat_.body = std::move(unzipped.text);
  seat_.body_is_cut = unzipped.is_cut;
  return {};
}

const HttpResponse* HttpLink::show() {
  auto& response = current_->response();
  seat_.fields = response.fields();
  seat_.field_list.clear();
  HttpField field;
  for (std::string_view lines = seat_.fields; take_field(lines, field.name, field.value);)
    seat_.field_list.push_back(field);
  seat_.response = {response.head().status, seat_.field_list, {}, seat_.body_is_cut};
  if (wants_body_) seat_.response.body = seat_.body;
  return &seat_.response;
}

std::optional<FailureSample> HttpLink::sample(std::span<const std::string> secrets) {
  if (!has_response_) return sample_of({.request = request_}, secrets);
  auto& response = current_->response();
  // A redirect that is not followed was judged before its body was moved.
  std::string_view body = redirect_fault_.empty() ? seat_.body : response.body();
  Unzipped unzipped;
  if (response.head().gzip && (!needs_body() || !redirect_fault_.empty())) {
    unzipped = gunzip(body, ResponseReader::most_kept_body);
    if (unzipped.is_gzip) body = unzipped.text;
  }
  return sample_of({request_, response.head().status, response.fields(), body}, secrets);
}

}  // namespace troupe::sim
