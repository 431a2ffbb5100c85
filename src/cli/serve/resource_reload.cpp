#include "cli/serve/resource_reload.hpp"

#include <chrono>
#include <utility>

#include "support/log_line.hpp"

namespace troupe::cli {

ResourceReload::~ResourceReload() {
  stop();
}

void ResourceReload::ask() {
  const std::lock_guard lock(mutex_);
  asked_ = true;
  changed_.notify_one();
}

void ResourceReload::start(Use use) {
  use_ = std::move(use);
  thread_ = std::thread([this] { run(); });
}

void ResourceReload::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void ResourceReload::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return asked_ || stopping_; });
    if (stopping_) return;
    asked_ = false;
    lock.unlock();
    read_again();
    lock.lock();
    // Whoever asked meanwhile may have met what was just replaced.
    if (changed_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; })) return;
  }
}

void ResourceReload::read_again() {
  const auto served = database_.read_served();
  if (!served) {
    log_error("the resources stay as they are: {}", served.error().message);
    return use_(nullptr);
  }
  log_info("the resources were read again: {}", served->resources.size() + served->queries.size());
  use_(&*served);
}

}  // namespace troupe::cli
