#include "http/server/connection_actor.hpp"

#include <algorithm>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include "http/server/access.hpp"
#include "http/server/answer_fields.hpp"
#include "http/server/failure_problem.hpp"
#include "http/server/log_answer.hpp"
#include "http/server/render.hpp"
#include "http/server/request_limits.hpp"
#include "http/server/router.hpp"
#include "http/server/session.hpp"
#include "support/log_line.hpp"

namespace troupe::http {

namespace {

RequestSpans spans_of(const Exchange& exchange, const actors::Trace& trace, TimePoint finished) {
  static constexpr Duration not_gone_through{-1};
  const auto between = [](TimePoint from, TimePoint to) {
    return from == TimePoint{} || to == TimePoint{} ? not_gone_through : std::max(to - from, Duration{});
  };
  const bool asked = trace.answered != TimePoint{};
  RequestSpans spans;
  spans.parse = between(exchange.started, exchange.parsed);
  spans.mailbox = between(exchange.parsed, exchange.routed);
  if (trace.received != TimePoint{}) spans.mailbox += between(trace.submitted, trace.received);
  spans.pool = between(trace.received, trace.sent);
  spans.sql = between(trace.sent, trace.answered);
  spans.finished = finished;
  spans.serialize = between(asked ? trace.answered : exchange.routed, finished);
  return spans;
}

// The field is from the W3C's Server Timing; durations are in milliseconds.
std::string server_timing(const RequestSpans& spans) {
  const auto ms = [](Duration span) {
    return std::max(std::chrono::duration<double, std::milli>(span).count(), 0.0);
  };
  return fmt::format(
      "Server-Timing: parse;dur={:.3f}, mailbox;dur={:.3f}, pool;dur={:.3f}, sql;dur={:.3f}, "
      "serialize;dur={:.3f}\r\n",
      ms(spans.parse), ms(spans.mailbox), ms(spans.pool), ms(spans.sql), ms(spans.serialize));
}

}  // namespace

ConnectionActor::ConnectionActor(caf::actor_config& config, actors::Worker& home, bool home_runs_actors,
                                 std::shared_ptr<ServerContext> context)
    : PinnedActor(config, home, home_runs_actors), context_(std::move(context)) {}

caf::behavior ConnectionActor::make_behavior() {
  return {
      [this](HttpRequest& request) { on_request(std::move(request)); },
      [this](const actors::Reply& reply) { on_reply(reply); },
      [this](LateAnswer& late) { on_late_answer(std::move(late)); },
      [this](actors::Stop) {
        stopping_ = true;
        stop_when_idle();
      },
  };
}

void ConnectionActor::on_request(HttpRequest message) {
  Exchange exchange;
  exchange.session = std::move(message.session);
  exchange.client = client_of(*context_->limits, exchange.session->peer(), message.request);
  exchange.request = std::move(message.request);
  exchange.https = context_->tls != nullptr;
  exchange.started = message.started;
  exchange.parsed = message.parsed;
  exchange.routed = context_->time(home().timers());
  if (auto response = refused_to_client(*context_->limits, exchange, home().timers().now()))
    return answer(exchange, std::move(*response), {});
  if (!context_->allowed_hosts.allow(exchange.request.host))
    return answer(exchange, response_of(misdirected()), {});
  auto unrouted = router().route(exchange);
  if (const auto* access = router().access(); access != nullptr && !is_preflight(*context_, exchange.request))
    if (auto refused = access->refuse(exchange)) return answer(exchange, std::move(*refused), {});
  if (auto response = refused_to_key(*context_->limits, exchange, home().timers().now()))
    return answer(exchange, std::move(*response), {});
  if (unrouted) return answer(exchange, std::move(*unrouted), {});
  auto step = begin(exchange);
  if (exchange.unknown_label && context_->observers.on_unknown_label) context_->observers.on_unknown_label();
  if (auto* response = std::get_if<Response>(&step)) return answer(exchange, std::move(*response), {});
  if (const auto* later = std::get_if<Later>(&step)) return wait_for(std::move(exchange), *later);
  ask_pool(std::move(exchange), std::get<actors::Command>(std::move(step)));
}

// CAF ends an actor whose handler throws: what an endpoint throws must end as an answer instead.
Step ConnectionActor::begin(Exchange& exchange) {
  try {
    return exchange.endpoint->begin(exchange, *context_);
  } catch (const std::exception& exception) {
    return fault(exchange, exception);
  }
}

Response ConnectionActor::fault(const Exchange& exchange, const std::exception& exception) {
  const auto& name = exchange.endpoint->name;
  if (const auto left_out = context_->faults.admit(name, home().timers().now()))
    log_error("{}: {}{}", name, exception.what(), *left_out);
  return response_of(internal_error());
}

Response ConnectionActor::finish(Exchange& exchange, const actors::Outcome& outcome) {
  if (const auto* failure = std::get_if<actors::Failure>(&outcome)) {
    const auto refused = exchange.endpoint->refused;
    return response_of(is_refusal(failure->kind) && refused != nullptr
                           ? refused(exchange, *failure)
                           : problem_of(*failure, context_->turned_away++));
  }
  try {
    return exchange.endpoint->finish(exchange, outcome);
  } catch (const std::exception& exception) {
    return fault(exchange, exception);
  }
}

void ConnectionActor::ask_pool(Exchange exchange, actors::Command command) {
  auto& head = command.head;
  head.submitted = exchange.routed;
  head.deadline = exchange.routed + exchange.endpoint->timeout().value_or(context_->settings.request_timeout);
  head.ticket = waiting_.next_ticket();
  if (auto refused = context_->pool->submit(*this, home().index(), std::move(command))) {
    return answer(exchange, response_of(problem_of(*refused, context_->turned_away++)), {});
  }
  exchange.request.body = {};  // it may be large, and nobody needs it any more
  waiting_.put(std::move(exchange));
}

void ConnectionActor::on_reply(const actors::Reply& reply) {
  auto exchange = waiting_.take(reply.ticket);
  auto response = finish(exchange, reply.outcome);
  answer(exchange, std::move(response), reply.trace);
  if (stopping_) stop_when_idle();
}

void ConnectionActor::wait_for(Exchange exchange, const Later& later) {
  const auto ticket = waiting_.next_ticket();
  waiting_.put(std::move(exchange));
  later.begin([self = caf::actor_cast<caf::actor>(this), ticket](Response response) {
    caf::anon_send(self, LateAnswer{ticket, std::move(response)});
  });
}

void ConnectionActor::on_late_answer(LateAnswer late) {
  auto exchange = waiting_.take(late.ticket);
  answer(exchange, std::move(late.response), {});
  if (stopping_) stop_when_idle();
}

void ConnectionActor::answer(Exchange& exchange, Response response, const actors::Trace& trace) {
  if (response.problem != nullptr)
    if (const auto form = router().problem_form()) form(exchange.request, response);
  if (exchange.restricted) keep_from_shared_caches(response);
  const auto finished = home().timers().precisely();
  if (context_->settings.server_timing) response.fields += server_timing(spans_of(exchange, trace, finished));
  if (context_->observers.on_answer) context_->observers.on_answer(spans_of(exchange, trace, finished));
  if (wants_answer_fields(*context_, exchange.request))
    add_answer_fields(*context_, home().index(), exchange.request, response);
  const bool keep_alive = exchange.request.keep_alive && !context_->draining.load(std::memory_order_relaxed);
  const RenderOptions options{exchange.request.method == Method::head, exchange.request.http_1_0, keep_alive};
  const auto route = exchange.endpoint != nullptr ? exchange.endpoint->place : HttpStats::place_of_none;
  context_->stats[home().index()]->count(route, response.status, finished - exchange.started);
  log(exchange, response, finished - exchange.started);
  Session::respond(std::move(exchange.session), render(std::move(response), options), keep_alive);
}

void ConnectionActor::log(const Exchange& exchange, const Response& response, Duration took) {
  const std::string_view caller = exchange.caller ? std::string_view(exchange.caller->name) : "";
  const std::string_view route =
      exchange.endpoint != nullptr ? std::string_view(exchange.endpoint->name) : "";
  log_answer(*context_, home(), {exchange.request, exchange.client, caller, route}, response, took);
}

// One look at an atomic for every request; a lock only when the routes are other ones.
const Router& ConnectionActor::router() {
  const auto version = context_->routes.version();
  if (version != routes_version_) {
    if (router_ != nullptr) old_routers_.push_back(std::move(router_));
    router_ = context_->routes.current();
    routes_version_ = version;
  }
  if (!old_routers_.empty() && waiting_.empty()) old_routers_.clear();
  return *router_;
}

void ConnectionActor::stop_when_idle() {
  if (waiting_.empty()) quit();
}

}  // namespace troupe::http
