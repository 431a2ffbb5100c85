#include "cli/common/startup.hpp"

#include <spdlog/fmt/fmt.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "actors/runtime/runtime.hpp"
#include "cli/common/exit_code.hpp"
#include "http/admin/admin_server.hpp"
#include "support/log_line.hpp"

namespace troupe::cli {

namespace {

// Descriptors that are not client connections: listener, log, embedded cluster, standard streams.
constexpr std::size_t reserved_descriptors = 64;

constexpr std::size_t descriptors_per_worker = 4;  // epoll, its wake-up, its timer, one to spare
constexpr std::size_t descriptors_per_database_connection =
    2;  // the socket, and its duplicate that is watched

// Without destructors: another thread is in the middle of something that cannot be interrupted.
[[noreturn]] void end_process(int code) {
  std::cerr << "troupe: ended before anything began" << std::endl;
  std::_Exit(code);
}

}  // namespace

StopSignal::StopSignal(std::function<void()> on_stop, std::function<void()> on_hang_up,
                       std::function<void()> on_end)
    : signals_(loop_, SIGINT, SIGTERM),
      on_stop_(std::move(on_stop)),
      on_hang_up_(std::move(on_hang_up)),
      on_end_(std::move(on_end)) {
  struct sigaction inherited {};
  ::sigaction(SIGHUP, nullptr, &inherited);
  if (inherited.sa_handler != SIG_IGN) signals_.add(SIGHUP);
  listen();
  thread_ = std::thread([this] { loop_.run(); });
}

void StopSignal::listen() {
  signals_.async_wait([this](boost::system::error_code ec, int signal) {
    if (!ec) on_signal(signal);
  });
}

void StopSignal::on_signal(int signal) {
  if (signal == SIGHUP && on_hang_up_) {
    on_hang_up_();
    return listen();
  }
  if (requested_ && delays_.exchange(false)) {
    on_end_ ? listen() : signals_.clear();
    return hurried_.set_value();
  }
  if (requested_) return end_by(signal);
  on_end_ || delays_ ? listen() : signals_.clear();  // then the next one has its default effect at once
  requested_ = true;
  if (exit_code_ >= 0) end_process(exit_code_);
  if (on_stop_) on_stop_();
  came_.set_value();
}

void StopSignal::delay(std::chrono::milliseconds time) {
  hurried_.get_future().wait_for(time);
  if (!delays_.exchange(false) || on_end_) return;
  std::promise<void> done;
  boost::asio::post(loop_, [&] {
    signals_.clear();
    done.set_value();
  });
  done.get_future().wait();
}

void StopSignal::end_by(int signal) {
  if (on_end_) on_end_();
  signals_.clear();
  ::kill(::getpid(), signal);
}

std::shared_ptr<void> StopSignal::exits_at_once(int code) {
  exit_code_ = code;
  if (requested_) end_process(code);
  return {nullptr, [this](void*) { exit_code_ = -1; }};
}

StopSignal::~StopSignal() {
  loop_.stop();
  thread_.join();
}

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  // The soft limit on open files is often far below the hard one.
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

std::size_t descriptors_for(std::size_t workers, std::size_t database_connections) {
  return descriptors_per_worker * workers + descriptors_per_database_connection * database_connections;
}

std::optional<std::string> too_many_files(std::string_view who, std::size_t files, std::string_view lower) {
  constexpr std::size_t others = 128;
  const auto needed = files + others;
  const auto limit = raise_descriptor_limit();
  if (limit == 0 || needed <= limit) return std::nullopt;
  return fmt::format("{} {} open files, and the limit is {}: raise it (ulimit -Hn) or lower {}", who, needed,
                     limit, lower);
}

void fit_descriptors(Settings& settings) {
  const auto limit = raise_descriptor_limit();
  if (limit == 0) return;
  const std::size_t admin = settings.admin.port == 0 ? 0 : http::admin_connections;
  const std::size_t reserve =
      admin + reserved_descriptors +
      descriptors_for(actors::worker_count(settings.workers), settings.database.pool_size);
  const std::size_t left = limit > 2 * reserve ? limit - reserve : limit / 2;
  if (left >= settings.server.max_connections) return;
  log_warn("server.max_connections lowered to {}: the limit on open files is {}", left, limit);
  settings.server.max_connections = left;
}

int exit_code_of(const Error& error) {
  return error.code == ErrorCode::invalid_argument ? exit_usage : exit_database_away;
}

int fail(int code, const std::string& message) {
  std::cerr << "troupe: " << message << '\n';
  return code;
}

report::StatusLine status_line(std::ostream& out, int descriptor, bool quiet) {
  using Mode = report::StatusLine::Mode;
  const auto mode = quiet ? Mode::quiet : ::isatty(descriptor) != 0 ? Mode::rewrite : Mode::lines;
  return {out, mode, [descriptor] { return report::terminal_width(descriptor); }};
}

}  // namespace troupe::cli
