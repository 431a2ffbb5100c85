#include "sweep/run/readiness.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <thread>

#include "sim/client/probe.hpp"

namespace troupe::sweep {
namespace {

using Clock = TimePoint::clock;

// How soon a service is asked again.
constexpr std::chrono::milliseconds ask_every{50};
// One question: a service that is starting may take a connection and say nothing.
constexpr std::chrono::seconds longest_answer{2};

/// What is asked: everything up to the query is a target.
struct Question {
  std::string target, query;
};

Result<Question> question_of(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(url);
  const auto scheme = parsed ? parsed->scheme_id() : boost::urls::scheme::unknown;
  const bool http = scheme == boost::urls::scheme::http || scheme == boost::urls::scheme::https;
  if (!http || parsed->host().empty() || parsed->has_userinfo() || parsed->has_fragment())
    return invalid(fmt::format("--ready '{}' is no URL to ask: write http://HOST:PORT/PATH", url));
  const auto mark = std::min(url.find('?'), url.size());
  return Question{std::string(url.substr(0, mark)), std::string(url.substr(mark))};
}

/// What is wrong with the answer; empty: it is ready.
std::string ask(const Question& question, const sim::ClientOptions& options,
                const std::function<bool()>& give_up) {
  const auto target = sim::find_target(question.target, longest_answer, options, give_up);
  if (!target) return target.error().message;
  const auto path = target->prefix.empty() ? std::string("/") : target->prefix;
  const auto answer =
      sim::probe(target->origin, sim::get_text(*target, path + question.query), longest_answer, give_up);
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
  const auto question = question_of(url);
  if (!question) return question.error();
  return {};
}

Result<void> wait_until_ready(const std::string& url, Duration timeout, const sim::ClientOptions& options,
                              const std::function<bool()>& give_up) {
  const auto question = question_of(url);
  if (!question) return question.error();
  std::string last;
  const bool ready = keep_trying(timeout, give_up, [&] {
    last = ask(*question, options, give_up);
    return last.empty();
  });
  if (ready) return {};
  return Error{ErrorCode::unavailable, fmt::format("not ready within {} s (--ready-timeout): GET {}: {}",
                                                   to_seconds(timeout), url, last)};
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
