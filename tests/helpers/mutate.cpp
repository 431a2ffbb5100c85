#include "helpers/mutate.hpp"

#include <algorithm>

namespace troupe::tests {

std::size_t below(Random& random, std::size_t bound) {
  return random() % bound;
}

void mutate_bytes(std::string& bytes, std::span<const std::string_view> fragments, Random& random) {
  const std::size_t at = below(random, bytes.size() + 1);
  const std::size_t size = std::min(bytes.size() - at, below(random, 8));
  switch (below(random, 6)) {
    case 0:
      bytes.insert(at, fragments[below(random, fragments.size())]);
      break;
    case 1:
      bytes.erase(at, size);
      break;
    case 2:
      bytes.insert(below(random, bytes.size() + 1), bytes.substr(at, size));
      break;
    case 3:
      bytes.insert(at, below(random, 400), static_cast<char>('0' + below(random, 60)));
      break;
    case 4:
      if (at < bytes.size()) bytes[at] = static_cast<char>(below(random, 256));
      break;
    default:
      bytes.resize(at);
  }
}

}  // namespace troupe::tests
