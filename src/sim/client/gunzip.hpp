#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace troupe::sim {

/// What gzip data (RFC 1952) hold.
struct Unzipped {
  std::string text{};
  bool is_gzip = false;  ///< else `text` is what could be read
  bool is_cut = false;   ///< there is more than was wanted, or the data have no end
};

/// Reads gzip data, `most` bytes of their content at most. Pure.
Unzipped gunzip(std::string_view data, std::size_t most);

}  // namespace troupe::sim
