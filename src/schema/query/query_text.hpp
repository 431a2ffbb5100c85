#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace troupe::schema {

/// One SQL statement whose `:name` have become `$1`, `$2` …, as PostgreSQL's Parse message wants them.
struct QueryText {
  /// A `:name` of the text as it was written.
  struct Place {
    std::size_t before = 0;  ///< bytes of the written text in front of the colon
    std::size_t after = 0;   ///< bytes of `sql` in front of the `$`
    std::size_t name = 0;    ///< which of `names`
  };

  std::string sql{};                 ///< no comment or semicolon ends it; a blank parts a word from `$1`
  std::vector<std::string> names{};  ///< of $1, $2, …: each once, in the order of first use
  std::vector<Place> places{};       ///< in order
  /// Every key word and name in it, each once and sorted; those without quotes in lower case.
  std::vector<std::string> words{};
  /// Every operator in it, likewise; `!=` is `<>`.
  std::vector<std::string> operators{};

  bool has_word(std::string_view word) const;
  /// Where in the written text the byte of `sql` stands that PostgreSQL complains about.
  std::size_t written_at(std::size_t byte) const;
  /// `sql` with each parameter written as `written(its place in names)`.
  std::string with(const std::function<std::string(std::size_t name)>& written) const;
};

/// Why a text is not one statement.
struct QueryTextFault {
  std::size_t at = 0;   ///< byte of the text
  std::string message;  ///< one line
};

/// Finds the parameters of a statement: PostgreSQL's lexical rules (its documentation, section 4.1) as far
/// as they say where strings, quoted names, dollar quotes and nested comments begin and end; `::` and `:=`
/// are operators. `$1` is refused, and so are a second statement and names with Unicode escapes. Pure.
std::variant<QueryText, QueryTextFault> read_query_text(std::string_view text);

}  // namespace troupe::schema
