#include "http/access_log/access_log.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

#include "support/log_line.hpp"

namespace troupe::http {

namespace {

/// How long a line may wait when few come.
constexpr int patience_ms = 100;
constexpr std::size_t least_ring = 16 * 1024;

}  // namespace

AccessLog::AccessLog(actors::Workers& workers, AccessLogSettings settings)
    : workers_(workers), settings_(std::move(settings)), wakeup_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  const auto size = std::max(settings_.buffer / workers.size(), least_ring);
  for (std::size_t index = 0; index < workers.size(); ++index)
    rings_.push_back(std::make_unique<ByteRing>(size));
}

AccessLog::~AccessLog() {
  stop();
}

Result<AccessLog::Target> AccessLog::open_target() const {
  const bool standard = settings_.file == "-";
  // Without a wait for who reads a named pipe; a file of its kind knows no waiting.
  actors::Descriptor file(standard ? ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                                   : ::open(settings_.file.c_str(),
                                            O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0640));
  struct stat what {};
  if (!file.is_open() || ::fstat(file.number(), &what) != 0) {
    return Error{ErrorCode::invalid_argument, "access_log.file \"" + settings_.file +
                                                  "\" cannot be opened: " + std::strerror(errno) +
                                                  " (the user that serves must be able to write there)"};
  }
  return Target{std::move(file), S_ISREG(what.st_mode)};
}

Result<void> AccessLog::open() {
  auto target = open_target();
  if (!target) return target.error();
  target_ = std::move(*target);
  thread_ = std::thread([this] { write_on(); });
  return {};
}

void AccessLog::reopen() {
  reopen_asked_ = true;
  wake();
}

void AccessLog::stop() {
  if (!thread_.joinable()) return;
  // Lines that were made on other threads are still on their way.
  for (std::size_t index = 0; index < workers_.size(); ++index) workers_[index].run([] {});
  stopping_ = true;
  wake();
  thread_.join();
}

void AccessLog::add(actors::Worker& home, const AccessRecord& record,
                    std::chrono::system_clock::time_point now) {
  thread_local std::string line;
  line.clear();
  append_access_line(settings_.format, record, now, line);
  if (actors::Worker::current() == &home) return put(home.index(), line);
  home.post([self = shared_from_this(), index = home.index(), line = line] { self->put(index, line); });
}

void AccessLog::put(std::size_t worker, std::string_view line) {
  auto& ring = *rings_[worker];
  if (!ring.put(line)) lose(1);
  if (ring.size() > ring.capacity() / 2 && !asked_.load(std::memory_order_relaxed) && !asked_.exchange(true))
    wake();
}

void AccessLog::wake() {
  ::eventfd_write(wakeup_.number(), 1);  // fails only when it is awake already
}

// ---- the writer's thread

void AccessLog::write_on() {
  while (!stopping_) {
    wait();
    write_all();
    if (reopen_asked_.exchange(false)) open_again();
    tell_of_losses();
  }
  write_all();
  tell_of_losses();
}

void AccessLog::wait() {
  pollfd wanted{wakeup_.number(), POLLIN, 0};
  ::poll(&wanted, 1, patience_ms);
  eventfd_t ignored = 0;
  ::eventfd_read(wakeup_.number(), &ignored);
  asked_ = false;
}

void AccessLog::open_again() {
  if (settings_.file == "-") return;
  auto target = open_target();
  if (!target) return log_error("the access log goes on in the old file: {}", target.error().message);
  target_ = std::move(*target);
  torn_ = false;
  last_ = '\n';
}

void AccessLog::write_all() {
  for (auto& ring : rings_) {
    bool cut = false;  // the first piece ended within a line that is lost
    for (const auto& piece : ring->held()) {
      const auto end_of_cut = cut ? piece.find('\n') + 1 : 0;
      if (std::exchange(cut, false)) lose(1);
      const auto left = write_lines(piece.substr(end_of_cut));
      lose(static_cast<std::uint64_t>(std::ranges::count(left, '\n')));
      cut = !left.empty() && left.back() != '\n';
      ring->drop(piece.size());
    }
  }
}

/// Gives back what could not be written.
std::string_view AccessLog::write_lines(std::string_view lines) {
  while (!lines.empty()) {
    // More than this could make a write to a pipe wait (pipe(7)).
    const auto most = target_.regular ? lines.size() : std::min<std::size_t>(lines.size(), PIPE_BUF);
    if (!target_.regular && !wait_for_reader()) break;
    const auto text = torn_ ? std::string_view("\n") : lines.substr(0, most);
    const auto written = ::write(target_.file.number(), text.data(), text.size());
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written <= 0) {
      fault_ = std::strerror(errno);
      break;
    }
    last_ = text[static_cast<std::size_t>(written) - 1];
    if (!std::exchange(torn_, false)) lines.remove_prefix(static_cast<std::size_t>(written));
  }
  if (!lines.empty()) torn_ = last_ != '\n';
  return lines;
}

bool AccessLog::wait_for_reader() {
  pollfd wanted{target_.file.number(), POLLOUT, 0};
  for (;;) {
    const bool last_look = stopping_ && waits_left_ == 0;
    if (::poll(&wanted, 1, last_look ? 0 : patience_ms) != 0) return true;
    if (last_look) return false;
    if (stopping_) --waits_left_;
  }
}

void AccessLog::tell_of_losses() {
  const auto lost = dropped();
  if (lost == told_) return;
  const auto left_out = limiter_.admit("lost", workers_[0].timers().precisely());
  if (!left_out) return;
  log_warn("access log: {} lines were dropped: {}", lost - std::exchange(told_, lost),
           fault_.empty() ? "they came faster than they could be written (access_log.buffer)"
                          : "its file cannot be written: " + std::exchange(fault_, {}));
}

}  // namespace troupe::http
