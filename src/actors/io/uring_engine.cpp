#include "actors/io/uring_engine.hpp"

#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>
#include <utility>

#include "actors/io/uring_socket.hpp"
#include "actors/io/uring_watch.hpp"
#include "support/invariant.hpp"

namespace troupe::actors {

namespace {

constexpr unsigned entries = 1'024;      // full: they go to the kernel before the turn ends
constexpr unsigned completions = 8'192;  // more wait in the kernel
constexpr unsigned buffers = 256;        // a power of two
constexpr std::size_t buffer_size = 4'096;
constexpr std::size_t spare_strings = 256;
constexpr std::size_t most_spare_bytes = 16 * 1'024;

[[noreturn]] void fail(int error, const char* what) {
  throw std::system_error(error, std::generic_category(), what);
}

/// 0, or a negative errno. All of a ring's work is done when its thread asks for it (DEFER_TASKRUN), which
/// came last: with Linux 6.1.
int open_ring(io_uring& ring, unsigned size) {
  io_uring_params params{};
  params.flags = IORING_SETUP_CQSIZE | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
                 IORING_SETUP_TASKRUN_FLAG;
  params.cq_entries = completions;
  return io_uring_queue_init_params(size, &ring, &params);
}

}  // namespace

/// The kernel's ring, and the buffers that it receives into (io_uring_register_buf_ring(3)).
struct UringEngine::Ring {
  Ring() {
    if (const int error = open_ring(ring, entries); error < 0) fail(-error, "io_uring");
    table = static_cast<io_uring_buf_ring*>(
        ::mmap(nullptr, table_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (table == MAP_FAILED) {
      const int error = errno;
      io_uring_queue_exit(&ring);
      fail(error, "io_uring: buffers");
    }
    io_uring_buf_reg registration{};
    registration.ring_addr = reinterpret_cast<std::uintptr_t>(table);
    registration.ring_entries = buffers;
    registration.bgid = buffer_group;
    if (const int error = io_uring_register_buf_ring(&ring, &registration, 0); error < 0) {
      ::munmap(table, table_size);
      io_uring_queue_exit(&ring);
      fail(-error, "io_uring: buffers");
    }
    io_uring_buf_ring_init(table);
    for (unsigned number = 0; number < buffers; ++number) offer(number);
  }
  ~Ring() {
    io_uring_queue_exit(&ring);
    ::munmap(table, table_size);
  }

  char* buffer(unsigned number) { return memory.data() + number * buffer_size; }
  void offer(unsigned number) {
    io_uring_buf_ring_add(table, buffer(number), buffer_size, static_cast<unsigned short>(number),
                          io_uring_buf_ring_mask(buffers), 0);
    io_uring_buf_ring_advance(table, 1);
  }
  /// Is there anything that only a system call would bring?
  bool has_work() const {
    const auto flags = __atomic_load_n(ring.sq.kflags, __ATOMIC_RELAXED);
    return io_uring_sq_ready(&ring) != 0 || (flags & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)) != 0;
  }

  static constexpr std::size_t table_size = buffers * sizeof(io_uring_buf);
  io_uring ring{};
  io_uring_buf_ring* table = nullptr;
  std::vector<char> memory = std::vector<char>(buffers * buffer_size);
};

/// Hears of `wake()`.
class UringEngine::Wakes final : public RingUser, public std::enable_shared_from_this<Wakes> {
 public:
  explicit Wakes(UringEngine& engine) : engine_(engine), event_(::eventfd(0, EFD_CLOEXEC)) {
    if (!event_.is_open()) fail(errno, "eventfd");
  }
  void listen() {
    auto& entry = engine_.entry(*this, shared_from_this());
    io_uring_prep_read(&entry, event_.number(), &count_, sizeof count_, 0);
  }
  void on_completion(int, unsigned) override { listen(); }
  void call() const {
    const std::uint64_t one = 1;
    static_cast<void>(!::write(event_.number(), &one, sizeof one));
  }

 private:
  UringEngine& engine_;
  Descriptor event_;
  std::uint64_t count_ = 0;
};

std::optional<std::string> UringEngine::refused_by_kernel() {
  // On a thread of its own: a ring's end interrupts what the thread that made it waits for afterwards
  // (EINTR).
  int error = 0;
  std::thread([&error] {
    io_uring ring{};
    error = open_ring(ring, 8);
    if (error == 0) io_uring_queue_exit(&ring);
  }).join();
  if (error == 0) return std::nullopt;
  if (error == -EINVAL) return "this kernel is too old for it (6.1 is needed)";
  return "the kernel refuses it: " + std::generic_category().message(-error);
}

UringEngine::UringEngine()
    : ring_(std::make_unique<Ring>()),
      wakes_(std::make_shared<Wakes>(*this)),
      spare_(spare_strings, most_spare_bytes) {
  wakes_->listen();
}

// The ring goes first: then the kernel knows nobody any more.
UringEngine::~UringEngine() {
  ring_.reset();
  while (!pending_.empty()) {
    auto& user = pending_.front();
    pending_.pop_front();
    const auto owner = std::move(user.owner_);
  }
}

io_uring_sqe& UringEngine::entry(RingUser& user, std::shared_ptr<void> owner) {
  TROUPE_INVARIANT(!user.is_pending(), "something was begun twice");
  auto& entry = this->entry();
  user.owner_ = std::move(owner);
  pending_.push_back(user);
  io_uring_sqe_set_data(&entry, &user);  // which preparing leaves alone
  return entry;
}

io_uring_sqe& UringEngine::entry() {
  auto* entry = io_uring_get_sqe(&ring_->ring);
  for (int attempt = 0; entry == nullptr && attempt < 100; ++attempt) {
    io_uring_submit_and_get_events(&ring_->ring);  // refused while completions wait in the kernel
    entry = io_uring_get_sqe(&ring_->ring);
  }
  TROUPE_INVARIANT(entry != nullptr, "the kernel takes nothing off the ring");
  io_uring_sqe_set_data(entry, nullptr);
  return *entry;
}

void UringEngine::wait(Duration longest) {
  sending_.swap(to_send_);
  for (auto& socket : sending_) socket->send_gathered();
  sending_.clear();
  auto& ring = ring_->ring;
  const auto left = has_some_to_tell() || io_uring_cq_ready(&ring) != 0 ? timespec{} : timespec_of(longest);
  if (left.tv_sec == 0 && left.tv_nsec == 0) {
    if (ring_->has_work()) io_uring_submit_and_get_events(&ring);
    return;
  }
  __kernel_timespec timeout{left.tv_sec, left.tv_nsec};
  io_uring_cqe* first = nullptr;
  io_uring_submit_and_wait_timeout(&ring, &first, 1, &timeout, nullptr);
}

void UringEngine::dispatch() {
  tell_them();
  auto& ring = ring_->ring;
  for (auto left = io_uring_cq_ready(&ring); left > 0; --left) {
    io_uring_cqe* first = nullptr;
    if (io_uring_peek_cqe(&ring, &first) != 0) break;
    // Its place is given back first: a user may begin more than the ring holds, and the kernel wants room
    // then.
    auto* user = static_cast<RingUser*>(io_uring_cqe_get_data(first));
    const auto result = first->res;
    const auto flags = first->flags;
    io_uring_cqe_seen(&ring, first);
    if (user == nullptr) continue;
    auto owner = user->owner_;  // it may let go of itself meanwhile
    if ((flags & IORING_CQE_F_MORE) == 0) {
      pending_.erase(pending_.iterator_to(*user));
      user->owner_ = nullptr;
    }
    user->on_completion(result, flags);
  }
}

void UringEngine::wake() {
  wakes_->call();
}

void UringEngine::cancel(RingUser& user) {
  if (user.is_pending()) io_uring_prep_cancel(&entry(), &user, 0);
}

std::string_view UringEngine::received(int result, unsigned flags) const {
  return {ring_->buffer(flags >> IORING_CQE_BUFFER_SHIFT), static_cast<std::size_t>(result)};
}

void UringEngine::give_back(unsigned flags) {
  if ((flags & IORING_CQE_F_BUFFER) != 0) ring_->offer(flags >> IORING_CQE_BUFFER_SHIFT);
}

void UringEngine::send_later(std::shared_ptr<UringSocket> socket) {
  to_send_.push_back(std::move(socket));
}

std::unique_ptr<Watch> UringEngine::watch(int descriptor, WatchUser& user) {
  return std::make_unique<UringWatch>(*this, descriptor, user);
}

std::unique_ptr<ByteStream> UringEngine::stream(Descriptor socket) {
  return std::make_unique<UringStream>(*this, std::move(socket));
}

}  // namespace troupe::actors
