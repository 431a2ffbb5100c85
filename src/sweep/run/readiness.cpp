#include "sweep/run/readiness.hpp"

#include <spdlog/fmt/fmt.h>

#include <thread>

#include "sim/transport/fetch.hpp"
#include "support/conninfo_secrets.hpp"

namespace troupe::sweep {
namespace {

using Clock = TimePoint::clock;

// How soon a service is asked again.
constexpr std::chrono::milliseconds ask_every{50};
// One question: a service that is starting may take a connection and say nothing.
constexpr std::chrono::seconds longest_answer{2};

/// What is wrong with the answer; empty: it is ready.
Result<std::string> ask(const std::string& url, const sim::FetchOptions& options) {
  const auto answer = sim::fetch(url, options);
  if (!answer && answer.error().code == ErrorCode::invalid_argument) return answer.error();
  if (!answer) return answer.error().message;
  return answer->status >= 200 && answer->status < 400 ? "" : fmt::format("status {}", answer->status);
}

/// Calls `attempt` until it says true, the time is up or `give_up`.
bool keep_trying(Duration timeout, const std::function<bool()>& give_up,
                 const std::function<bool()>& attempt) {
  const auto deadline = Clock::now() + timeout;
  while (!attempt()) {
    if (Clock::now() >= deadline || give_up()) return false;
    std::this_thread::sleep_for(ask_every);
  }
  return true;
}

}  // namespace

Result<void> check_ready_url(std::string_view url) {
  const auto known = sim::check_url(url);
  if (known) return {};
  return invalid(fmt::format("--ready '{}' {}", without_password(url), known.error().message));
}

Result<void> wait_until_ready(const std::string& url, Duration timeout, const sim::ClientOptions& options,
                              const std::function<bool()>& give_up) {
  Result<std::string> last = std::string();
  const bool ended = keep_trying(timeout, give_up, [&] {
    last = ask(url, {.timeout = longest_answer, .client = options, .give_up = give_up});
    return !last || last->empty();
  });
  if (!last) return last.error();
  if (ended) return {};
  return Error{ErrorCode::unavailable, fmt::format("not ready within {} s (--ready-timeout): GET {}: {}",
                                                   to_seconds(timeout), url, *last)};
}

Result<sim::HttpTarget> wait_for_target(const std::string& url, Duration timeout,
                                        const sim::ClientOptions& options,
                                        const std::function<bool()>& give_up) {
  auto target = sim::find_target(url, longest_answer, options, give_up);
  keep_trying(timeout, give_up, [&] {
    if (target || target.error().code == ErrorCode::invalid_argument) return true;
    target = sim::find_target(url, longest_answer, options, give_up);
    return target.has_value();
  });
  return target;
}

}  // namespace troupe::sweep
