#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/scenario/data_rows.hpp"
#include "support/random.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// What names stand for in a template, beside {id} and those that are made: {uuid}, {now},
/// {random_int(1,9)}, {user}, {iteration}. Of two of one name the parameter wins, then the column, then the
/// variable.
struct TemplateNames {
  const DataRows* data = nullptr;             ///< {column}; null: there is none
  std::span<const std::string> parameters{};  ///< {parameter}
  std::span<const std::string> variables{};   ///< {variable}: what an answer gave before
};

/// Who sends a request, and when: for the names that are made.
struct Sender {
  std::uint64_t user = 1;       ///< from 1, among all of the run
  std::uint64_t iteration = 1;  ///< the user's own count, from 1
  std::chrono::milliseconds unix_time{};
  Rng* rng = nullptr;  ///< the user's
};

/// What fills a template's placeholders in one request.
struct TemplateValues {
  /// {id}: the row's key, its values in the key's order; in a path one segment each.
  std::span<const std::string> id{};
  /// {column}: a row of the data that the template was parsed with; null when it has no such placeholder.
  const std::vector<std::string>* row = nullptr;
  std::span<const std::string> parameters{};  ///< {parameter}: as many as it was parsed with
  std::span<const std::string> variables{};   ///< {variable}: the same
  const Sender* sender = nullptr;             ///< null when it makes no names
};

/// A text with placeholders: `{id}`, `{column}`, `{parameter}`, `{variable}` or a name that is made. A brace
/// that does not enclose a bare name stands for itself, so JSON bodies need no escaping. Never changes after
/// it was read; callable from any thread.
class TextTemplate {
 public:
  /// How values are made safe for their surroundings.
  enum class Escape : std::uint8_t {
    url,     ///< a segment of a path, a query, a form: percent-encoded (RFC 3986 section 2.1)
    json,    ///< inside the quotes of a text, or as a number
    header,  ///< a field's value: control characters are left out (RFC 9110 section 5.5)
    text,    ///< as it is
  };
  /// What becomes of the text between the placeholders.
  enum class Literals : std::uint8_t { kept, escaped };

  explicit TextTemplate(Escape escape = Escape::url) : escape_(escape) {}
  /// Error: one line that names the placeholder.
  static Result<TextTemplate> parse(std::string_view text, Escape escape, const TemplateNames& names);
  /// Goes on with a text that has placeholders. Error: as of parse.
  Result<void> append(std::string_view text, const TemplateNames& names, Literals literals);
  /// Goes on with a text as it is.
  void append_literal(std::string_view text);
  /// Goes on with a text that has no placeholders, made safe as values are.
  void append_escaped(std::string_view text);

  bool empty() const { return pieces_.empty(); }
  /// It has no placeholder.
  bool is_constant() const;
  bool uses_id() const;
  bool uses_row() const;
  /// It has a name that is made: it needs a sender.
  bool makes_names() const;
  /// The variables that it needs, as positions.
  std::vector<std::uint16_t> variables() const;
  /// Appends the filled-in text to `out`. A row is needed if and only if uses_row().
  void render(const TemplateValues& values, std::string& out) const;

 private:
  struct Id {};
  struct Column {
    std::size_t index;
  };
  struct Parameter {
    std::size_t index;
  };
  struct Variable {
    std::uint16_t index;
  };
  enum class Made : std::uint8_t { uuid, now, user, iteration };
  struct RandomInt {
    std::int64_t low, high;
  };
  using Piece = std::variant<std::string, Id, Column, Parameter, Variable, Made, RandomInt>;

  static Result<Piece> piece_of(std::string_view name, const TemplateNames& names);
  static Result<Piece> random_int(std::string_view call);
  void render_piece(const Piece& piece, const TemplateValues& values, std::string& out) const;

  std::vector<Piece> pieces_;
  Escape escape_ = Escape::url;
};

/// Letters, digits and _, not starting with a digit.
bool is_placeholder_name(std::string_view text);
/// A name that templates make themselves; whatever else has it wins.
bool is_made_name(std::string_view text);

}  // namespace troupe::sim
