#include "sweep/run/service_processes.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

#include "helpers/folder.hpp"
#include "sweep/run/machine_cpu.hpp"

using namespace troupe::sweep;
using namespace troupe::tests;
using namespace std::chrono_literals;
using Catch::Contains;

TEST_CASE("a service's CPU time is that of its processes and all that descend from them, each once") {
  const ProcessTable processes{{1, {0, 1s, "init", "init"}},   {10, {1, 100s, "uvicorn", "python3"}},
                               {11, {10, 20s, "python3", ""}}, {12, {11, 3s, "python3", ""}},
                               {20, {1, 5'000s, "other", ""}}, {30, {10, 7'000s, "troupe", "troupe"}},
                               {31, {30, 9'000s, "child", ""}}};
  CHECK(used_by(processes, {10}, 999) == 16'123s);
  CHECK(used_by(processes, {10, 11}, 30) == 123s);  // without ourselves and what we started
  CHECK(used_by(processes, {12}, 30) == 3s);
  CHECK(used_by(processes, {77}, 30) == 0s);
}

TEST_CASE("who listens is known by the port, in either version of IP") {
  const std::string table =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
      "   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 "
      "100 0\n"
      "   1: 0100007F:1F40 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 "
      "100 0\n"
      "   2: 00000000000000000000000000000000:1F40 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 "
      "4713 1\n"
      "   3: 0100007F:1F41 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4714 1 0 "
      "100 0\n"
      "   4: broken\n";
  CHECK(listening_inodes(table, 8000) == std::set<std::string>{"4711", "4713"});
  CHECK(listening_inodes("", 8000).empty());
}

TEST_CASE("a process of this machine is found by its name, by a file and by its port") {
  const Folder folder("service_processes");
  const auto file = (folder / "pid").string();
  boost::asio::io_context loop;
  using boost::asio::ip::tcp;
  const tcp::acceptor listener(loop, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  const auto port = listener.local_endpoint().port();
  write_content(file, std::to_string(::getppid()) + "\nmore\n");
  CHECK(ServiceProcesses(file, 0).used().has_value());
  // Found, though what this process itself uses is not the service's.
  CHECK(ServiceProcesses("port", port).used().has_value());
  auto name = content_of("/proc/self/comm");
  name.pop_back();  // the line's end
  CHECK(ServiceProcesses("process:" + name, 0).used().has_value());
}

TEST_CASE("a process that is not there is a fault that names it") {
  const Folder folder("service_processes_missing");
  const auto file = (folder / "pid").string();
  const auto fault = [](std::string cpu_of) {
    return ServiceProcesses(std::move(cpu_of), 1).used().error().message;
  };
  CHECK_THAT(fault("process:no-such-program"), Contains("no process is called no-such-program"));
  CHECK_THAT(fault("port"), Contains("listens on port 1 "));
  CHECK_THAT(fault(file), Contains("cannot read " + file));
  write_content(file, "zero\n");
  CHECK_THAT(fault(file), Contains("does not begin with a process id"));
  write_content(file, "2000000000\n");
  CHECK_THAT(fault(file), Contains("has ended"));
}
