#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <catch2/catch.hpp>
#include <thread>

#include "actors/io/io_engine.hpp"

using namespace troupe;
using namespace troupe::actors;

namespace {

/// As Docker's standard profile does; for the calling thread, for ever.
void refuse_io_uring_here() {
  std::array<sock_filter, 4> filter{{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_io_uring_setup, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  }};
  const sock_fprog program{filter.size(), filter.data()};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    throw std::runtime_error("cannot filter system calls");
}

}  // namespace

TEST_CASE("where the kernel refuses io_uring, who asks for it is told why and what else there is") {
  Result<IoMode> automatic = IoMode::automatic, asked = IoMode::automatic, epoll = IoMode::automatic;
  std::thread([&] {
    refuse_io_uring_here();
    automatic = usable_io(IoMode::automatic);
    asked = usable_io(IoMode::io_uring);
    epoll = usable_io(IoMode::epoll);
  }).join();
  REQUIRE(automatic.has_value());
  CHECK(*automatic == IoMode::epoll);
  CHECK(epoll.value() == IoMode::epoll);
  REQUIRE_FALSE(asked.has_value());
  CHECK(asked.error().message ==
        "workers.io is io_uring, but the kernel refuses it: Operation not permitted (--io epoll works "
        "everywhere, "
        "--io auto takes what there is)");
}
