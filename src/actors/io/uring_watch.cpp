#include "actors/io/uring_watch.hpp"

#include <poll.h>

namespace troupe::actors {

class UringWatch::Poll final : public RingUser, public std::enable_shared_from_this<Poll> {
 public:
  Poll(UringEngine& engine, int descriptor, WatchUser& user, bool writable)
      : engine_(engine), descriptor_(descriptor), user_(&user), writable_(writable) {}

  void wait() {
    if (is_pending()) return;
    io_uring_prep_poll_add(&engine_.entry(*this, shared_from_this()), descriptor_,
                           writable_ ? POLLOUT : POLLIN);
  }

  void end() {
    user_ = nullptr;
    engine_.cancel(*this);
  }

  // An error is for the user to find when it uses the descriptor.
  void on_completion(int, unsigned) override {
    if (user_ != nullptr) user_->on_ready(writable_);
  }

 private:
  UringEngine& engine_;
  int descriptor_;
  WatchUser* user_;  ///< null when the watch has ended
  bool writable_;
};

UringWatch::UringWatch(UringEngine& engine, int descriptor, WatchUser& user)
    : in_(std::make_shared<Poll>(engine, descriptor, user, false)),
      out_(std::make_shared<Poll>(engine, descriptor, user, true)) {}

UringWatch::~UringWatch() {
  in_->end();
  out_->end();
}

void UringWatch::wait_readable() {
  in_->wait();
}

void UringWatch::wait_writable() {
  out_->wait();
}

}  // namespace troupe::actors
