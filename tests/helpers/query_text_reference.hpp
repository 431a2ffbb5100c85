#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::tests {

enum class TokenKind { blank, word, quoted_name, string, number, parameter, operation, semicolon, other };

struct Token {
  TokenKind kind;
  std::string_view text;
};

/// What a `:name` and a `$1` are to the one who reads.
enum class Reader {
  ours,       ///< `:name` is a parameter, `$1` and U&"…" are refused
  postgresql  ///< `$1` is a parameter, a colon before a name only a colon
};

struct Tokens {
  std::vector<Token> tokens{};
  bool refused = false;  ///< a string, name or comment does not end, or the reader refuses what is there
  /// A number with a letter behind it: PostgreSQL 15 refuses it, others read it as two words.
  bool unclear = false;
};

/// The words of a statement, by the rules of PostgreSQL's own scan.l, longest match first: slow, and written
/// without a look at our lexer, to be held against it. Pure.
Tokens reference_tokens(std::string_view text, Reader reader);

}  // namespace troupe::tests
