#include "http/server/session_host.hpp"

#include <malloc.h>

#include "http/server/session.hpp"
#include "support/log_line.hpp"

namespace troupe::http {

namespace {

constexpr std::size_t spare_parsers = 256;
constexpr auto trim_interval = std::chrono::seconds(5);  // it takes milliseconds of a worker
constexpr auto complaint_interval = std::chrono::minutes(1);

NotedFields noted_by(const ServerContext& context) {
  auto noted = context.noted;
  noted.forwarded = context.limits->proxies().any();
  noted.who = context.routes.current()->access() != nullptr;  // of all its routers, or of none
  return noted;
}

}  // namespace

SessionHost::SessionHost(actors::Worker& worker, const std::shared_ptr<ServerContext>& context)
    : worker_(worker),
      context_(context),
      limits_{context->settings.header_limit, context->settings.target_limit, context->settings.body_limit,
              context->settings.header_fields, noted_by(*context)},
      memory_(context->memory, context->settings.memory_limit),
      wheel_(worker.timers().now()) {}

void SessionHost::start() {
  worker_.post([self = shared_from_this()] { self->look_again(); });
}

void SessionHost::drain() {
  worker_.run([this] { wheel_.for_each([](Session& session) { session.close_if_idle(); }); });
}

void SessionHost::abort() {
  worker_.run([this] {
    stopped_ = true;
    wheel_.for_each([](Session& session) { session.close(); });
  });
}

std::map<std::string_view, std::size_t> SessionHost::count_sessions() {
  std::map<std::string_view, std::size_t> counts;
  wheel_.for_each([&](Session& session) { ++counts[session.doing()]; });
  return counts;
}

std::unique_ptr<RequestParser> SessionHost::borrow_parser() {
  if (free_parsers_.empty()) return std::make_unique<RequestParser>(limits_);
  auto parser = std::move(free_parsers_.back());
  free_parsers_.pop_back();
  return parser;
}

void SessionHost::give_back(std::unique_ptr<RequestParser> parser) {
  if (free_parsers_.size() >= spare_parsers) return;
  parser->reset();
  free_parsers_.push_back(std::move(parser));
}

TimePoint SessionHost::longest_idle() {
  if (const auto longest = candidates_.first(); longest != TimePoint::max()) return longest;
  candidates_.gather(wheel_);
  return candidates_.first();
}

bool SessionHost::close_longest_idle() {
  const bool closed = candidates_.close_first();
  if (closed) context_->evicted.fetch_add(1, std::memory_order_relaxed);
  return closed;
}

void SessionHost::look_around() {
  const auto time = now();
  wheel_.turn(time, [this, time](Session& session) {
    session.check_deadline(time);
    if (!session.is_closed()) wheel_.put(session, session.deadline());
  });
  look_after_memory();
}

Problem SessionHost::client_has_too_much() {
  context_->limits->count_refusal(Limit::client_memory);
  return too_many_requests("limits.client_memory", std::chrono::seconds(1));
}

void SessionHost::look_again() {
  if (stopped_) return;
  look_around();
  worker_.run_at(now() + SessionWheel::step, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->look_again();
  });
}

void SessionHost::look_after_memory() {
  // Freed memory stays with the process otherwise: where a flood was, much of it.
  memory_.give_back_spare();
  if (now() - trimmed_ >= trim_interval && memory_.has_ebbed()) {
    trimmed_ = now();
    malloc_trim(0);
  }
  if (now() - complained_ < complaint_interval) return;
  if (const auto refusals = memory_.take_refusals(); refusals != 0) {
    complained_ = now();
    log_warn(
        "{} times there was no memory left for a client that sends or reads slowly (server.memory_limit)",
        refusals);
  }
}

}  // namespace troupe::http
