#include "sim/client/live_origin.hpp"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <system_error>

namespace troupe::sim {

LiveOrigin::LiveOrigin(Origin origin, OriginLookups lookups, TimePoint looked_up)
    : origin_(std::move(origin)), lookups_(std::move(lookups)) {
  if (!origin_.addresses.empty()) looked_up_ = looked_up;
}

void LiveOrigin::on_connect(TimePoint now) {
  const auto trust = origin_.addresses.empty() ? shortest_pause : longest_trust;
  if (!looked_up_ || now - *looked_up_ >= trust) look_up(now);
}

void LiveOrigin::on_unreachable(TimePoint now) {
  if (!looked_up_ || now - *looked_up_ >= shortest_pause) look_up(now);
}

bool LiveOrigin::wait(std::function<void()> tell) {
  if (!asked_) return false;
  waiting_.push_back(std::move(tell));
  return true;
}

void LiveOrigin::look_up(TimePoint now) {
  if (!lookups_ || origin_.lookup_port == 0 || asked_) return;
  looked_up_ = now;
  try {
    asked_ = lookups_->names.ask({origin_.host}, [weak = weak_from_this(), post = lookups_->post] {
      post([weak] {
        if (const auto self = weak.lock()) self->take_answer();
      });
    });
  } catch (const std::system_error& no_thread) {
    fault_ = "cannot look up " + origin_.host + ": " + no_thread.code().message();
    return;
  }
  if (asked_->done_already()) take_answer();
}

void LiveOrigin::take_answer() {
  const auto found = std::exchange(asked_, nullptr)->found();
  const auto& answer = found.at(origin_.host);
  fault_ = answer ? std::string() : answer.error().message;
  if (answer) use(*answer);
  for (const auto& tell : std::exchange(waiting_, {})) tell();
}

void LiveOrigin::use(const std::vector<std::string>& texts) {
  std::vector<SocketAddress> found;
  for (const auto& text : texts) {
    boost::system::error_code unusable;
    const auto address = boost::asio::ip::make_address(text, unusable);
    if (!unusable) found.emplace_back(boost::asio::ip::tcp::endpoint(address, origin_.lookup_port));
  }
  auto& known = origin_.addresses;
  if (found.empty() || std::ranges::is_permutation(found, known)) return;
  // The one that answered first is still tried first: others may be out of reach from here.
  if (!known.empty()) {
    const auto first = std::ranges::find(found, known.front());
    if (first != found.end()) std::rotate(found.begin(), first, found.end());
  }
  known = std::move(found);
  ++version_;
}

}  // namespace troupe::sim
