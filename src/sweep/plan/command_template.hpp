#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/result.hpp"
#include "sweep/records/records.hpp"

// Shell commands that name a sweep's axes: "POOL={pool} ./restart". A name is a lower-case word in braces
// that no $ stands before, so "${HOME}", "{a,b}" and "{ …; }" stay the shell's own; "{{name}}" is "{name}".
// What stands in a comment is no name. Pure.

namespace troupe::sweep {

/// The names that a command speaks of, each once, in their order.
std::vector<std::string> names_in(std::string_view command);

/// The command with the cell's values, each escaped for the quotes that it stands in, so that the shell takes
/// any text as one text. What it quotes a second time (sh -c '… {name}') is for its writer to see to. Every
/// name is among the settings of `configuration`.
std::string fill_command(std::string_view command, const Configuration& configuration);

/// Checks that the commands speak of nothing but axes. Error: invalid_argument, names the flag and the name.
Result<void> check_commands(const Service& service);

/// The axes that no command names: their cells differ in nothing that the sweep brings about.
std::vector<std::string> axes_not_named(const Service& service);

}  // namespace troupe::sweep
