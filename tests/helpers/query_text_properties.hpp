#pragma once

#include <string>
#include <string_view>

namespace troupe::tests {

/// Reads any bytes as a query's text and holds what is read against reference_tokens. Says which property
/// does not hold; nothing when all do. For the unit test and for tests/fuzz.
std::string broken_query_text_property(std::string_view text);

}  // namespace troupe::tests
