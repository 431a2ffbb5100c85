#include "http/server/waiting_exchanges.hpp"

#include <utility>
#include <vector>

#include "support/invariant.hpp"

namespace troupe::http {

namespace {

constexpr std::size_t most_spare = 256;

std::vector<std::unique_ptr<Exchange>>& spare() {
  thread_local std::vector<std::unique_ptr<Exchange>> exchanges;
  return exchanges;
}

std::unique_ptr<Exchange> placed(Exchange exchange) {
  if (spare().empty()) return std::make_unique<Exchange>(std::move(exchange));
  auto place = std::move(spare().back());
  spare().pop_back();
  *place = std::move(exchange);
  return place;
}

}  // namespace

void WaitingExchanges::put(Exchange exchange) {
  const auto ticket = first_free_;
  if (ticket == places_.size()) places_.push_back({nullptr, ticket + 1});
  first_free_ = places_[ticket].next_free;
  places_[ticket].exchange = placed(std::move(exchange));
  ++count_;
}

Exchange WaitingExchanges::take(std::size_t ticket) {
  TROUPE_INVARIANT(ticket < places_.size() && places_[ticket].exchange != nullptr,
                   "a reply came for a request that was never asked");
  auto place = std::move(places_[ticket].exchange);
  auto exchange = std::move(*place);
  places_[ticket].next_free = std::exchange(first_free_, ticket);
  --count_;
  if (spare().size() < most_spare) spare().push_back(std::move(place));
  return exchange;
}

}  // namespace troupe::http
