#pragma once

#include <string>
#include <string_view>

namespace troupe::schema {

/// What repair_json writes for NaN and Infinity: numbers beyond every range, spelt as nobody spells one.
constexpr std::string_view repaired_nan = "1e000998";
constexpr std::string_view repaired_infinity = "1e000999";

/// A copy of a JSON text that Boost.JSON refused, in which what is no JSON but has one clear meaning is
/// written in a form that parses to an invalid *value*, so that the client is told which field is wrong
/// instead of "syntax error":
/// - NaN, Infinity and -Infinity, which Python's json.dumps writes, become the numbers above;
/// - an exponent too long for Boost.JSON's int becomes a nine-digit one, with the same meaning: zero or
/// infinite;
/// - the escape of a lone surrogate (json.dumps writes that too) becomes the byte FF, which is never UTF-8.
/// Every other fault of the text stays one: nothing is added, removed or reordered.
std::string repair_json(std::string_view text);

}  // namespace troupe::schema
