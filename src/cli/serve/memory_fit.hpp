#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "support/settings.hpp"

namespace troupe::cli {

/// What is to be said at the start when clients and waiting commands may take more of the `limit` bytes that
/// the container allows than leaves room for everything else; nothing: all is well.
std::optional<std::string> memory_that_does_not_fit(const Settings& settings,
                                                    std::optional<std::uint64_t> limit);

}  // namespace troupe::cli
