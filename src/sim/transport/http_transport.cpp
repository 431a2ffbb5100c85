#include "sim/transport/http_transport.hpp"

#include "sim/transport/http_link.hpp"

namespace troupe::sim {
namespace {

// Less than the 28,232 of Linux's standard range: others need some, too.
constexpr std::uint64_t ports_per_address = 25'000;

}  // namespace

std::optional<boost::asio::ip::address> source_for(const boost::asio::ip::address& target,
                                                   std::uint64_t number) {
  const auto group = number / ports_per_address;
  if (group == 0 || !target.is_v4() || !target.is_loopback()) return std::nullopt;
  return boost::asio::ip::address_v4(boost::asio::ip::address_v4::loopback().to_uint() +
                                     static_cast<std::uint32_t>(group));
}

HttpTransport::HttpTransport(actors::Runtime& runtime, HttpTarget target)
    : runtime_(runtime), target_(std::move(target)) {
  auto& workers = runtime.workers();
  for (std::size_t i = 0; i < workers.size(); ++i) seats_.push_back(std::make_unique<HttpSeat>(workers[i]));
}

void HttpTransport::stop() {
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    runtime_.workers()[i].run([&] { seats_[i]->poller.close(); });
    runtime_.workers()[i].run([] {});  // behind the last handler that knows the seat
  }
}

std::unique_ptr<Link> HttpTransport::make_link(caf::event_based_actor& user, actors::Worker& home,
                                               std::uint64_t number) {
  return std::make_unique<HttpLink>(user, target_, *seats_[home.index()], number);
}

}  // namespace troupe::sim
