#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <memory>

#include "http/server/exchange.hpp"

namespace troupe::http {

/// The exchanges of one connection actor that wait for the database, by ticket. A connection that is idle
/// owns none of their memory: it goes to whoever asks next on this thread.
class WaitingExchanges {
 public:
  /// The ticket that `put` will give.
  std::size_t next_ticket() const { return first_free_; }
  void put(Exchange exchange);
  /// Removes and returns the one that `put` gave this ticket.
  Exchange take(std::size_t ticket);
  bool empty() const { return count_ == 0; }

 private:
  struct Place {
    std::unique_ptr<Exchange> exchange;
    std::size_t next_free;
  };

  boost::container::small_vector<Place, 1> places_;
  std::size_t first_free_ = 0;  ///< as many as there are places: none is free
  std::size_t count_ = 0;
};

}  // namespace troupe::http
