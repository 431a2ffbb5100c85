#pragma once

#include <span>
#include <string>

#include "cli/described_command.hpp"

namespace troupe::cli {

/// A script that bash reads: it completes commands, their flags, those values of which there are only some,
/// and files where a flag takes one. Pure.
std::string bash_completions(std::span<const DescribedCommand> commands);

/// The same for zsh, with what each command and flag is for; sourced, or in a folder of $fpath as _troupe.
/// Pure.
std::string zsh_completions(std::span<const DescribedCommand> commands);

}  // namespace troupe::cli
