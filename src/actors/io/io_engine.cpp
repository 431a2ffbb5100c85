#include "actors/io/io_engine.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <cstdint>
#include <utility>

#include "actors/io/epoll_engine.hpp"
#include "actors/io/uring_engine.hpp"

namespace troupe::actors {

void IoEngine::tell_later(std::shared_ptr<StreamUser> user, bool writable, boost::system::error_code error) {
  if (user) to_tell_.push_back({std::move(user), writable, error});
}

void IoEngine::abort_later(std::shared_ptr<StreamUser> user, bool writable) {
  tell_later(std::move(user), writable, boost::asio::error::operation_aborted);
}

void IoEngine::tell_them() {
  for (auto& [user, writable, error] : std::exchange(to_tell_, {}))
    writable ? user->on_writable(error) : user->on_readable(error);
}

timespec timespec_of(Duration time) {
  constexpr std::int64_t second = 1'000'000'000;
  const auto whole = std::chrono::duration_cast<std::chrono::nanoseconds>(time);
  const auto ns = std::clamp<std::int64_t>(whole.count(), 0, 3'600 * second);
  return {ns / second, ns % second};
}

Result<IoMode> usable_io(IoMode wanted) {
  if (wanted == IoMode::epoll) return wanted;
  const auto refused = UringEngine::refused_by_kernel();
  if (!refused) return IoMode::io_uring;
  if (wanted == IoMode::automatic) return IoMode::epoll;
  return Error{ErrorCode::io, "workers.io is io_uring, but " + *refused +
                                  " (--io epoll works everywhere, --io auto takes what there is)"};
}

std::unique_ptr<IoEngine> make_io_engine(IoMode mode) {
  if (mode == IoMode::io_uring) return std::make_unique<UringEngine>();
  return std::make_unique<EpollEngine>();
}

}  // namespace troupe::actors
