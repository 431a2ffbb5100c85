// What one thread per core can do with io_uring and nothing else: answers every request with a constant item,
// without parsing it. A request must arrive in one piece. usage: uring_responder [port (0: a free one)]
// [threads (0: one per core)]
#include <liburing.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace {

// The same as Troupe's engine has.
constexpr unsigned entries = 1'024, completions = 8'192, buffers = 256;
constexpr std::size_t buffer_size = 4'096;

/// As large as Troupe's answer for the item that scripts/bench creates.
std::string answer(const std::string& status, const std::string& fields) {
  const std::string item =
      R"({"id":1,"name":"bench item","description":"an item to read","price":9.99,"in_stock":true})";
  return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\n" + fields +
         "Content-Length: " + std::to_string(item.size()) + "\r\n\r\n" + item;
}
const std::string answer_to_get = answer("200 OK", "");
const std::string answer_to_post = answer("201 Created", "Location: /items/1\r\n");

enum Kind : std::uint64_t { accepted, received, sent };

void check(int result, const char* what) {
  if (result < 0) throw std::system_error(-result, std::generic_category(), what);
}

class Responder {
 public:
  explicit Responder(int listener) : listener_(listener) {
    io_uring_params params{};
    params.flags = IORING_SETUP_CQSIZE | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
    params.cq_entries = completions;
    check(io_uring_queue_init_params(entries, &ring_, &params), "io_uring");
    void* table = nullptr;
    if (posix_memalign(&table, 4'096, buffers * sizeof(io_uring_buf)) != 0) throw std::bad_alloc();
    table_ = static_cast<io_uring_buf_ring*>(table);
    io_uring_buf_reg registration{};
    registration.ring_addr = reinterpret_cast<std::uintptr_t>(table);
    registration.ring_entries = buffers;
    check(io_uring_register_buf_ring(&ring_, &registration, 0), "buffers");
    io_uring_buf_ring_init(table_);
    for (unsigned number = 0; number < buffers; ++number) offer(number);
  }

  [[noreturn]] void run() {
    io_uring_prep_multishot_accept(&entry(accepted, 0), listener_, nullptr, nullptr, 0);
    for (;;) {
      check(io_uring_submit_and_wait(&ring_, 1), "wait");
      unsigned head = 0, count = 0;
      io_uring_cqe* completion = nullptr;
      io_uring_for_each_cqe(&ring_, head, completion) {
        ++count;
        on_completion(*completion);
      }
      io_uring_cq_advance(&ring_, count);
    }
  }

 private:
  io_uring_sqe& entry(Kind kind, int socket) {
    auto* entry = io_uring_get_sqe(&ring_);
    if (entry == nullptr) {
      check(io_uring_submit(&ring_), "submit");
      entry = io_uring_get_sqe(&ring_);
    }
    io_uring_sqe_set_data64(entry, static_cast<std::uint64_t>(socket) << 2 | kind);
    return *entry;
  }

  void offer(unsigned number) {
    io_uring_buf_ring_add(table_, memory_.data() + number * buffer_size, buffer_size,
                          static_cast<unsigned short>(number), io_uring_buf_ring_mask(buffers), 0);
    io_uring_buf_ring_advance(table_, 1);
  }

  void receive(int socket) {
    auto& request = entry(received, socket);
    io_uring_prep_recv_multishot(&request, socket, nullptr, 0, 0);
    request.flags |= IOSQE_BUFFER_SELECT;
  }

  void on_completion(const io_uring_cqe& completion) {
    const auto kind = static_cast<Kind>(completion.user_data & 3);
    const int socket = static_cast<int>(completion.user_data >> 2);
    if (kind == accepted && completion.res >= 0) {
      const int on = 1;
      setsockopt(completion.res, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      receive(completion.res);
    } else if (kind == received) {
      on_received(socket, completion);
    }
  }

  void on_received(int socket, const io_uring_cqe& completion) {
    if ((completion.flags & IORING_CQE_F_BUFFER) != 0) {
      const auto number = completion.flags >> IORING_CQE_BUFFER_SHIFT;
      const auto& answer = memory_[number * buffer_size] == 'P' ? answer_to_post : answer_to_get;
      offer(number);
      io_uring_prep_send(&entry(sent, socket), socket, answer.data(), answer.size(), MSG_NOSIGNAL);
    }
    if ((completion.flags & IORING_CQE_F_MORE) != 0) return;
    completion.res > 0 || completion.res == -ENOBUFS ? receive(socket) : static_cast<void>(::close(socket));
  }

  int listener_;
  io_uring ring_{};
  io_uring_buf_ring* table_ = nullptr;
  std::vector<char> memory_ = std::vector<char>(buffers * buffer_size);
};

/// Every thread listens on the same port and the kernel deals the connections out.
int listen(sockaddr_in& address) {
  const int on = 1;
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener, any, size) != 0 || ::listen(listener, 4'096) != 0 ||
      getsockname(listener, any, &size) != 0)
    check(-errno, "listen");
  return listener;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto number = [&](int place) { return argc > place ? std::stoul(argv[place]) : 0UL; };
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(number(1)));
    std::vector<int> listeners;
    for (auto left = number(2) > 0 ? number(2) : std::max(1U, std::thread::hardware_concurrency()); left > 0;
         --left)
      listeners.push_back(listen(address));
    std::cout << "listening on http://127.0.0.1:" << ntohs(address.sin_port) << std::endl;
    std::vector<std::jthread> threads;
    for (const int listener : listeners) threads.emplace_back([listener] { Responder(listener).run(); });
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "uring_responder: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
