#include "cli/serve/memory_fit.hpp"

#include <spdlog/fmt/fmt.h>

#include "support/units.hpp"

namespace troupe::cli {

std::optional<std::string> memory_that_does_not_fit(const Settings& settings,
                                                    std::optional<std::uint64_t> limit) {
  const std::uint64_t wanted = settings.server.memory_limit + settings.database.outage_memory;
  // As much again goes to sessions, rows on their way and what the allocator keeps.
  if (!limit || wanted <= *limit / 2) return std::nullopt;
  return fmt::format(
      "server.memory_limit and database.outage_memory together are {}, more than half of the {} that this "
      "container may have: lower them",
      format_size(wanted), format_size(*limit));
}

}  // namespace troupe::cli
