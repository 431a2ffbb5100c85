#include "sim/client/probe.hpp"

#include <algorithm>
#include <vector>

#include "sim/client/http_connection.hpp"

namespace troupe::sim {
namespace {

/// An engine that is driven by hand, and what is to be called when.
class Probe final : private HttpConnectionUser {
 public:
  Probe(const Origin& origin, std::chrono::milliseconds timeout)
      : io_(actors::make_io_engine(IoMode::epoll)),
        place_{*io_,
               [this](Duration after, std::function<void()> task) {
                 tasks_.push_back({TimePoint::clock::now() + after, std::move(task)});
               },
               [] { return TimePoint::clock::now(); }},
        origin_(origin),
        connection_(
            std::make_shared<HttpConnection>(place_, origin_, 0, static_cast<HttpConnectionUser&>(*this))),
        end_(TimePoint::clock::now() + timeout) {}
  ~Probe() {
    connection_->close();
    io_->wait({});
    io_->dispatch();  // which lets go of the connection
  }

  Result<ProbeAnswer> ask(std::string_view request, const std::function<bool()>& give_up,
                          std::size_t most_body) {
    connection_->send(
        {.bytes = request, .idempotent = true, .wanted = {.body = true, .most_body = most_body}});
    while (!answered_) {
      const auto now = TimePoint::clock::now();
      if (now >= end_ || (give_up && give_up())) return unavailable("no answer in time");
      io_->wait(std::min<Duration>(end_ - now, std::chrono::milliseconds(50)));
      io_->dispatch();
      run_tasks(TimePoint::clock::now());
    }
    if (connection_->outcome() != CallOutcome::ok) {
      constexpr std::string_view known = "cannot connect: ";
      const std::string_view why = connection_->message();
      return unavailable(why.substr(why.starts_with(known) ? known.size() : 0));
    }
    auto& response = connection_->response();
    return ProbeAnswer{connection_->address(), response.head().status, std::move(response.body()),
                       response.body_is_cut()};
  }

 private:
  struct Task {
    TimePoint when;
    std::function<void()> run;
  };

  static Error unavailable(std::string_view why) { return {ErrorCode::unavailable, std::string(why)}; }
  void on_answered() override { answered_ = true; }

  void run_tasks(TimePoint now) {
    for (auto& task : std::exchange(tasks_, {}))  // what they ask for next is put beside those that wait
      task.when <= now ? task.run() : tasks_.push_back(std::move(task));
  }

  std::unique_ptr<actors::IoEngine> io_;
  std::vector<Task> tasks_;
  ConnectionPlace place_;
  LiveOrigin origin_;
  std::shared_ptr<HttpConnection> connection_;
  TimePoint end_;
  bool answered_ = false;
};

}  // namespace

Result<ProbeAnswer> probe(const Origin& origin, std::string_view request, std::chrono::milliseconds timeout,
                          const std::function<bool()>& give_up, std::size_t most_body) {
  return Probe(origin, timeout).ask(request, give_up, most_body);
}

}  // namespace troupe::sim
