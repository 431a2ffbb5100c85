#include "postgres/cluster/embedded_cluster.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <future>
#include <thread>

#include "postgres/cluster/cluster_directories.hpp"
#include "postgres/cluster/postmaster.hpp"
#include "postgres/cluster/served_role.hpp"
#include "support/log_line.hpp"

namespace troupe::postgres {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto shortest_pause = 50ms;  // between two attempts to start a server that died again
constexpr auto longest_pause = 1'000ms;
constexpr auto long_enough_up = 10s;  // a server that lived this long is started again without a pause

// Signals are for the threads that the application has for them.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

/// Everything happens on the watcher thread, because a child dies with the thread that spawned it.
struct EmbeddedCluster::Impl {
  explicit Impl(ClusterOptions given) : options(std::move(given)), stop(eventfd(0, EFD_CLOEXEC)) {}

  ~Impl() {
    tell_to_stop();
    if (watcher.joinable()) watcher.join();
  }

  Result<void> start() {
    if (!stop) return Error{ErrorCode::io, std::string("cannot make an eventfd: ") + std::strerror(errno)};
    std::promise<Result<void>> started;
    auto result = started.get_future();
    watcher = std::thread([this, started = std::move(started)]() mutable {
      block_signals();
      auto up = bring_up();
      const bool ok = up.has_value();
      started.set_value(std::move(up));
      if (ok) watch();
    });
    while (result.wait_for(20ms) != std::future_status::ready) {
      if (options.give_up()) tell_to_stop();
    }
    return result.get();
  }

  Result<void> bring_up() {
    const Deadline deadline = Clock::now() + options.start_timeout;
    if (auto prepared = prepare(); !prepared) return prepared;
    if (auto initialised = initialise_cluster(plan, deadline, stop.get()); !initialised) return initialised;
    if (auto up = run_postmaster(deadline); !up) return up;
    auto role = prepare_served_role(plan.superuser_conninfo(), options.start_timeout);
    if (!role) stop_postmaster(plan, *postmaster, options.stop_timeout);
    return role;
  }

  // Claims the directories and finds the server that fits what is in them.
  Result<void> prepare() {
    auto user = unprivileged_user();
    if (!user) return user.error();
    const auto search_path = server_search_path();
    // Before any directory is made: without a server there must be no trace.
    auto binaries = find_server(search_path, std::nullopt);
    if (!binaries) return binaries.error();
    plan.temporary = options.data_dir.empty();
    plan.user = *user;
    if (!plan.temporary) {
      auto claimed = claim_data_directory(options.data_dir, *user);
      if (!claimed) return claimed.error();
      data = std::move(*claimed);
      plan.data = data.path;
      plan.user = data.user;
    }
    if (data.major_version && *data.major_version != binaries->major_version) {
      binaries = find_server(search_path, data.major_version);
      if (!binaries) return binaries.error();
    }
    plan.binaries = std::move(*binaries);
    remove_abandoned_runtime_directories(plan.user);
    auto made = RuntimeDirectory::create(plan.user);
    if (!made) return made.error();
    runtime.emplace(std::move(*made));
    plan.runtime = runtime->path();
    plan.max_connections = options.max_connections;
    if (plan.temporary) {
      plan.data = plan.runtime / "data";
      auto claimed = claim_data_directory(plan.data, plan.user);
      if (!claimed) return claimed.error();
      data = std::move(*claimed);
    }
    plan.log = (plan.temporary ? plan.runtime : plan.data) / "postgres.log";
    conninfo = plan.conninfo();
    return {};
  }

  Result<void> run_postmaster(std::optional<Deadline> deadline) {
    auto running = start_postmaster(plan, deadline, stop.get());
    if (!running) return running.error();
    postmaster.emplace(std::move(*running));
    pid = postmaster->pid();
    return {};
  }

  void watch() {
    auto pause = 0ms;
    auto started = Clock::now();
    while (postmaster->wait(std::nullopt, stop.get()) == ChildProcess::Waited::ended) {
      pid = 0;
      if (Clock::now() - started > long_enough_up) pause = 0ms;
      log_warn("embedded PostgreSQL {}: starting it again", postmaster->describe_end());
      if (!start_again(pause)) return;
      started = Clock::now();
    }
    stop_postmaster(plan, *postmaster, options.stop_timeout);
  }

  /// Tries until it is up (true) or the cluster is to stop (false). `pause` grows from attempt to attempt.
  bool start_again(std::chrono::milliseconds& pause) {
    while (!told_to_stop(pause)) {
      pause = std::clamp<std::chrono::milliseconds>(2 * pause, shortest_pause, longest_pause);
      const auto up = run_postmaster(std::nullopt);
      if (up) {
        log_info("embedded PostgreSQL is back (process id {})", pid.load());
        return true;
      }
      log_warn("embedded PostgreSQL: {}", up.error().message);
    }
    return false;
  }

  void tell_to_stop() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(stop.get(), &one, sizeof one);
  }

  bool told_to_stop(std::chrono::milliseconds patience) const {
    pollfd waited{stop.get(), POLLIN, 0};
    return poll(&waited, 1, static_cast<int>(patience.count())) > 0;
  }

  ClusterOptions options;
  FileDescriptor stop;  // an eventfd: readable when the cluster is to stop
  ServerPlan plan;
  std::string conninfo;
  DataDirectory data;
  std::optional<RuntimeDirectory> runtime;
  std::optional<ChildProcess> postmaster;
  std::atomic<int> pid = 0;
  std::thread watcher;
};

Result<std::unique_ptr<EmbeddedCluster>> EmbeddedCluster::start(ClusterOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  if (auto started = impl->start(); !started) return started.error();
  return std::unique_ptr<EmbeddedCluster>(new EmbeddedCluster(std::move(impl)));
}

EmbeddedCluster::EmbeddedCluster(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
EmbeddedCluster::~EmbeddedCluster() = default;

const std::string& EmbeddedCluster::conninfo() const {
  return impl_->conninfo;
}
std::string EmbeddedCluster::superuser_conninfo() const {
  return impl_->plan.superuser_conninfo();
}
const std::optional<User>& EmbeddedCluster::user() const {
  return impl_->plan.user;
}
int EmbeddedCluster::postmaster_pid() const {
  return impl_->pid;
}

}  // namespace troupe::postgres
