#include "actors/io/epoll_engine.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <span>
#include <system_error>
#include <utility>

#include "actors/io/epoll_stream.hpp"
#include "support/invariant.hpp"

namespace troupe::actors {

namespace {

constexpr std::uint32_t in = EPOLLIN, out = EPOLLOUT;

Descriptor or_throw(int number, const char* what) {
  if (number < 0) throw std::system_error(errno, std::generic_category(), what);
  return Descriptor(number);
}

/// As epoll_pwait2(2); where a kernel before 5.11 (or a container) refuses that, to the next millisecond.
int wait_for(int epoll, std::span<epoll_event> events, timespec timeout) {
  static std::atomic<bool> precise{true};
  const auto room = static_cast<int>(events.size());
  if (precise.load(std::memory_order_relaxed)) {
    const int count = ::epoll_pwait2(epoll, events.data(), room, &timeout, nullptr);
    if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return count;
    precise = false;
  }
  const auto ms = timeout.tv_sec * 1'000 + (timeout.tv_nsec + 999'999) / 1'000'000;
  return ::epoll_wait(epoll, events.data(), room, static_cast<int>(ms));
}

}  // namespace

/// One registered descriptor.
class EpollEngine::Entry final : public Watch {
 public:
  Entry(EpollEngine& engine, int descriptor, WatchUser& user)
      : engine_(engine), descriptor_(descriptor), user_(user) {}

  ~Entry() override {
    if (registered_ != 0) ::epoll_ctl(engine_.epoll_.number(), EPOLL_CTL_DEL, descriptor_, nullptr);
    // What this turn would still tell it.
    for (int i = 0; i < engine_.ready_; ++i) {
      auto& event = engine_.events_[static_cast<std::size_t>(i)];
      if (event.data.ptr == this) event.data.ptr = nullptr;
    }
  }

  void wait_readable() override { wait(in); }
  void wait_writable() override { wait(out); }

  void on_event(std::uint32_t bits, epoll_event& event) {
    if ((bits & (EPOLLERR | EPOLLHUP)) != 0) bits |= in | out;  // both will find out
    const auto told = bits & waiting_;
    if (told == 0) return calm_down(bits);
    waiting_ &= ~told;
    auto& user = user_;
    if ((told & in) != 0) user.on_ready(false);
    if ((told & out) != 0 && event.data.ptr == this) user.on_ready(true);
  }

 private:
  void wait(std::uint32_t direction) {
    waiting_ |= direction;
    if ((registered_ & direction) != 0) return;
    const auto before = std::exchange(registered_, registered_ | direction);
    control(before == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD);
  }

  // It is ready and nobody wants to know.
  void calm_down(std::uint32_t bits) {
    registered_ &= (bits & (EPOLLERR | EPOLLHUP)) != 0 ? 0 : ~bits;
    control(registered_ == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD);
  }

  void control(int operation) {
    epoll_event event{};
    event.events = registered_;
    event.data.ptr = this;
    if (::epoll_ctl(engine_.epoll_.number(), operation, descriptor_, &event) != 0 &&
        operation != EPOLL_CTL_DEL)
      throw std::system_error(errno, std::generic_category(), "cannot watch a socket");
  }

  EpollEngine& engine_;
  int descriptor_;
  WatchUser& user_;
  std::uint32_t registered_ = 0, waiting_ = 0;
};

EpollEngine::EpollEngine()
    : epoll_(or_throw(::epoll_create1(EPOLL_CLOEXEC), "epoll")),
      wake_(or_throw(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;  // its count is never read: an edge for each write
  event.data.ptr = nullptr;
  if (::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, wake_.number(), &event) != 0)
    throw std::system_error(errno, std::generic_category(), "epoll");
}

void EpollEngine::wait(Duration longest) {
  const auto timeout = has_some_to_tell() ? timespec{} : timespec_of(longest);
  ready_ = wait_for(epoll_.number(), events_, timeout);
  if (ready_ >= 0) return;
  TROUPE_INVARIANT(errno == EINTR, "the kernel refused to wait");
  ready_ = 0;
}

void EpollEngine::dispatch() {
  tell_them();
  for (int i = 0; i < ready_; ++i) {
    auto& event = events_[static_cast<std::size_t>(i)];
    if (auto* entry = static_cast<Entry*>(event.data.ptr)) entry->on_event(event.events, event);
  }
  ready_ = 0;
}

void EpollEngine::wake() {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_.number(), &one, sizeof one));  // full: it is awake
}

std::unique_ptr<Watch> EpollEngine::watch(int descriptor, WatchUser& user) {
  return std::make_unique<Entry>(*this, descriptor, user);
}

std::unique_ptr<ByteStream> EpollEngine::stream(Descriptor socket) {
  return std::make_unique<EpollStream>(*this, std::move(socket));
}

}  // namespace troupe::actors
