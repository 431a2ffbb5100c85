#include "actors/runtime/socket_watch.hpp"

#include <fcntl.h>

#include <caf/send.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

#include "actors/io/sockets.hpp"

namespace troupe::actors {

namespace {

/// Now, if this is the home's thread; else there, as soon as it can.
template <class Task>
void run_at_home(Worker& home, Task task) {
  Worker::current() == &home ? task() : home.post(std::move(task));
}

}  // namespace

class SocketWatch::Watched final : private WatchUser {
 public:
  Watched(Worker& home, Descriptor descriptor, caf::actor owner, std::uint64_t generation)
      : home_(home), descriptor_(std::move(descriptor)), owner_(std::move(owner)), generation_(generation) {}

  void wait(bool writable) {
    if (ended_) return;
    if (!watch_) watch_ = home_.io().watch(descriptor_.number(), *this);
    writable ? watch_->wait_writable() : watch_->wait_readable();
  }

  void end() {
    ended_ = true;
    watch_.reset();
    descriptor_.close();
    owner_ = nullptr;
  }

 private:
  // What is wrong with the socket is for the owner to find when it uses it.
  void on_ready(bool writable) override { caf::anon_send(owner_, SocketReady{generation_, writable}); }

  Worker& home_;
  Descriptor descriptor_;
  caf::actor owner_;
  std::uint64_t generation_;
  bool ended_ = false;
  std::unique_ptr<Watch> watch_;
};

void SocketWatch::assign(int socket, caf::actor owner, std::uint64_t generation) {
  release();
  const int own = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (own < 0) throw std::system_error(errno, std::generic_category(), "cannot watch a socket");
  watched_ = std::make_shared<Watched>(home_, Descriptor(own), std::move(owner), generation);
  generation_ = generation;
}

void SocketWatch::release() {
  reading_ = writing_ = false;
  if (!watched_) return;
  run_at_home(home_, [watched = std::exchange(watched_, nullptr)] { watched->end(); });
}

void SocketWatch::wait_readable() {
  wait(reading_, false);
}

void SocketWatch::wait_writable() {
  wait(writing_, true);
}

void SocketWatch::wait(bool& waiting, bool writable) {
  if (std::exchange(waiting, true)) return;
  run_at_home(home_, [watched = watched_, writable] { watched->wait(writable); });
}

bool SocketWatch::accept(const SocketReady& ready) {
  if (!watched_ || ready.generation != generation_) return false;
  (ready.writable ? writing_ : reading_) = false;
  return true;
}

}  // namespace troupe::actors
