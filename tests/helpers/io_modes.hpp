#pragma once

#include <vector>

#include "actors/io/io_engine.hpp"

namespace troupe::tests {

/// Every engine that this machine lets us have.
inline std::vector<IoMode> io_modes() {
  std::vector<IoMode> modes{IoMode::epoll};
  if (actors::usable_io(IoMode::io_uring)) modes.push_back(IoMode::io_uring);
  return modes;
}

}  // namespace troupe::tests
