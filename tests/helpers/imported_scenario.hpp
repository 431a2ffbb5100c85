#pragma once

#include <string>
#include <vector>

namespace troupe::tests {

/// The names that an imported scenario's top says must be filled in.
std::vector<std::string> told_fill_ins(const std::string& toml);

/// The scenario with a value for each of them.
std::string filled_in(std::string toml);

/// What is wrong with an imported scenario: it must load once it is filled in, and before that its one fault
/// must be a placeholder that its top tells of. Empty: nothing.
std::string import_fault(const std::string& toml);

}  // namespace troupe::tests
