#include "sim/load/warmup.hpp"

#include <spdlog/fmt/fmt.h>

#include "support/parse.hpp"

namespace troupe::sim {

Result<WarmUp> parse_warm_up(std::string_view text) {
  if (text == "auto") return WarmUp{std::nullopt};
  const auto fixed = parse_duration(text);
  if (!fixed) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("warm-up: {}, or write auto", fixed.error().message)};
  }
  return WarmUp{*fixed};
}

}  // namespace troupe::sim
