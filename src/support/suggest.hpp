#pragma once

#include <span>
#include <string>
#include <string_view>

namespace troupe {

/// The known word that `word` is most likely a misspelling of, or "" when none is near. Linear in the known
/// words: for error messages.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

/// "a, b or c".
std::string list_words(std::span<const std::string_view> words);

}  // namespace troupe
