#pragma once

#include <map>
#include <string>

#include "support/result.hpp"

namespace troupe::sweep {

/// What a constraint can name, as numbers: swept or not, every setting by its short name ("pool_size"),
/// `users`, `arrival_rate`. Words ("coalesce", "per-connection") are names of numbers, too.
using Variables = std::map<std::string, double>;

/// Whether `text` ("pool_size <= 2 * workers && batching != off") holds. Arithmetic, comparisons, && and ||
/// as muParser knows them. Error: invalid_argument, when it cannot be read or names what there is not.
Result<bool> holds(const std::string& text, const Variables& variables);

}  // namespace troupe::sweep
