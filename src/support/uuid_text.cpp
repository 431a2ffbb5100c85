#include "support/uuid_text.hpp"

#include <spdlog/fmt/fmt.h>

namespace troupe {

void append_uuid(Rng& rng, std::string& out) {
  const auto high = rng(), low = rng();
  out += fmt::format("{:08x}-{:04x}-4{:03x}-{:x}{:03x}-{:012x}", high >> 32, (high >> 16) & 0xffff,
                     high & 0xfff, 8 + (low >> 62), (low >> 48) & 0xfff, low & 0xffff'ffff'ffff);
}

}  // namespace troupe
