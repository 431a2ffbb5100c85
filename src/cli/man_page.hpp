#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/described_command.hpp"

namespace troupe::cli {

/// The manual page troupe(1) in the language of man(7): what the commands' helps say, settings once for all.
/// `exit_codes`: the table that troupe --help has, under its heading. Pure.
std::string man_page(std::span<const DescribedCommand> commands, std::string_view exit_codes);

}  // namespace troupe::cli
