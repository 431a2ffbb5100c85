#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace troupe::http {

/// A response as it goes out: two pieces, so that a large body is not copied behind its head.
struct OutgoingBytes {
  std::string head;                         ///< and behind it the body, when that is small
  std::shared_ptr<const std::string> body;  ///< a large one, perhaps of several connections; else null

  std::size_t size() const { return head.size() + (body ? body->size() : 0); }

  /// What is left behind the first `begin` bytes, in order.
  std::array<std::string_view, 2> from(std::size_t begin) const {
    const auto in_head = std::min(begin, head.size());
    const std::string_view rest = body ? std::string_view(*body) : std::string_view();
    return {std::string_view(head).substr(in_head), rest.substr(begin - in_head)};
  }
};

}  // namespace troupe::http
