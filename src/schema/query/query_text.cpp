#include "schema/query/query_text.hpp"

#include <algorithm>
#include <optional>

#include "support/characters.hpp"

namespace troupe::schema {
namespace {

/// PostgreSQL counts every byte of a character that is not ASCII as a letter.
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool goes_on_name(char c) {
  return begins_name(c) || is_digit(c);
}

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string lower(std::string_view word) {
  std::string lowered(word);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

// Section 4.1.3. A `+` or `-` ends an operator only beside one of the others.
constexpr std::string_view operator_characters = "+-*/<>=~!@#%^&|`?";
constexpr std::string_view others_than_sql = "~!@#%^&|`?";
constexpr std::string_view line_ends = "\n\r";

class QueryLexer {
 public:
  explicit QueryLexer(std::string_view text) : text_(text) {}

  std::variant<QueryText, QueryTextFault> read() {
    while (!fault_ && at_ < text_.size()) step();
    if (!fault_ && end_ == 0) fail(0, "there is no statement");
    if (fault_) return *fault_;
    out_.sql.resize(end_);
    for (auto* all : {&out_.words, &out_.operators}) {
      std::ranges::sort(*all);
      all->erase(std::unique(all->begin(), all->end()), all->end());
    }
    return std::move(out_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool sees(std::string_view word) const { return text_.substr(at_).starts_with(word); }

  void fail(std::size_t at, std::string message) { fault_ = QueryTextFault{at, std::move(message)}; }

  /// Copies what belongs to the statement.
  void copy(std::size_t bytes) {
    if (over_) return fail(at_, "a query is one statement: another one begins here");
    out_.sql += text_.substr(at_, bytes);
    at_ += bytes;
    end_ = out_.sql.size();
  }

  /// Copies what separates its words.
  void copy_blank(std::size_t bytes) {
    out_.sql += text_.substr(at_, bytes);
    at_ += bytes;
  }

  void step() {
    const char c = peek();
    if (c == '\0') return fail(at_, "a query holds no U+0000");
    if (is_space(c)) return copy_blank(1);
    if (sees("--")) return copy_blank(line_end(at_) - at_);
    if (sees("/*")) return comment();
    if (c == '\'') return quoted('\'', false, 0);
    if (c == '"') return name_in_quotes();
    if (c == '$') return dollar();
    if (c == ':') return colon();
    if (c == ';') return semicolon();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (begins_name(c)) return word();
    if (operator_characters.find(c) != std::string_view::npos) return operation();
    copy(1);
  }

  std::size_t line_end(std::size_t from) const {
    return std::min(text_.find_first_of(line_ends, from), text_.size());
  }

  /// They nest (section 4.1.5).
  void comment() {
    std::size_t depth = 0, end = at_;
    do {
      if (end + 1 >= text_.size()) return fail(at_, "the comment that begins here does not end");
      const auto two = text_.substr(end, 2);
      if (two == "/*") ++depth;
      if (two == "*/") --depth;
      end += two == "/*" || two == "*/" ? 2 : 1;
    } while (depth > 0);
    copy_blank(end - at_);
  }

  /// A string or a quoted name, behind a prefix. A doubled quote is one of its own; `escapes`: so is one
  /// behind a backslash.
  void quoted(char quote, bool escapes, std::size_t prefix) {
    auto end = at_ + prefix + 1;
    while (end < text_.size() && (text_[end] != quote || (end + 1 < text_.size() && text_[end + 1] == quote)))
      end += text_[end] == quote || (escapes && text_[end] == '\\') ? 2 : 1;
    if (end >= text_.size())
      return fail(at_, quote == '"' ? "the name that begins here has no closing quote"
                                    : "the string that begins here has no closing quote");
    copy(end + 1 - at_);
  }

  void name_in_quotes() {
    const auto begin = at_ + 1;
    quoted('"', false, 0);
    if (fault_) return;
    std::string name;
    for (auto i = begin; i + 1 < at_; ++i) {
      name += text_[i];
      if (text_[i] == '"') ++i;  // which was doubled
    }
    out_.words.push_back(std::move(name));
  }

  /// A run of an operator's characters that begins no comment: `a=-1` has two of them.
  void operation() {
    auto end = at_ + 1;
    while (end < text_.size() && operator_characters.find(text_[end]) != std::string_view::npos &&
           !text_.substr(end).starts_with("--") && !text_.substr(end).starts_with("/*"))
      ++end;
    auto run = text_.substr(at_, end - at_);
    if (run.find_first_of(others_than_sql) == std::string_view::npos) {
      while (run.size() > 1 && (run.back() == '+' || run.back() == '-')) run.remove_suffix(1);
    }
    out_.operators.emplace_back(run == "!=" ? "<>" : run);  // as PostgreSQL calls it
    copy(run.size());
  }

  void dollar() {
    if (is_digit(peek(1))) return fail(at_, "parameters have names: write :name for $1");
    auto tag_end = at_ + 1;
    if (tag_end < text_.size() && begins_name(text_[tag_end]))
      while (tag_end < text_.size() && goes_on_name(text_[tag_end])) ++tag_end;
    if (tag_end >= text_.size() || text_[tag_end] != '$') return copy_and_keep_apart(1);
    const auto tag = text_.substr(at_, tag_end + 1 - at_);
    const auto end = text_.find(tag, tag_end + 1);
    if (end == std::string_view::npos)
      return fail(at_, "the string that begins here has no closing " + std::string(tag));
    copy(end + tag.size() - at_);
  }

  void colon() {
    if (sees("::") || sees(":=")) return copy(2);
    auto end = at_ + 1;
    if (end == text_.size() || !begins_name(text_[end])) return copy(1);
    while (end < text_.size() && goes_on_name(text_[end])) ++end;
    parameter(text_.substr(at_ + 1, end - at_ - 1));
  }

  void parameter(std::string_view name) {
    if (over_) return copy(1);  // which tells the fault
    const auto found = std::ranges::find(out_.names, name);
    const auto number = static_cast<std::size_t>(found - out_.names.begin());
    if (found == out_.names.end()) out_.names.emplace_back(name);
    if (apart_ == out_.sql.size()) out_.sql += ' ';
    out_.places.push_back({at_, out_.sql.size(), number});
    out_.sql += '$' + std::to_string(number + 1);
    at_ += 1 + name.size();
    end_ = out_.sql.size();
  }

  void semicolon() {
    if (end_ == 0) return fail(at_, "there is no statement in front of this semicolon");
    over_ = true;
    at_ += 1;
  }

  /// `1.5e-5`, `0x1F`, `1_000`: no name begins in it. A slice's `1:name` has its colon afterwards.
  void number() {
    auto end = behind_digits(at_);
    if (end < text_.size() && text_[end] == '.') end = behind_digits(end + 1);
    if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      const auto sign = end + 1 < text_.size() && (text_[end + 1] == '+' || text_[end + 1] == '-') ? 1U : 0U;
      const auto exponent = behind_digits(end + 1 + sign);
      if (exponent > end + 1 + sign) end = exponent;
    }
    while (end < text_.size() && goes_on_name(text_[end])) ++end;
    copy(end - at_);
  }

  std::size_t behind_digits(std::size_t from) const {
    while (from < text_.size() && is_digit(text_[from])) ++from;
    return from;
  }

  void word() {
    const char next = peek(1);
    const char first = peek();
    if (next == '\'' && (first == 'e' || first == 'E')) return string_with_escapes();
    if (next == '\'' && std::string_view("bBnNxX").find(first) != std::string_view::npos)
      return quoted('\'', false, 1);
    if (next == '&' && (first == 'u' || first == 'U')) {
      if (peek(2) == '\'') return quoted('\'', false, 2);
      if (peek(2) == '"') return fail(at_, "write a name as it is, not with Unicode escapes");
    }
    auto end = at_;  // a dollar goes on a name, and begins no string in it
    while (end < text_.size() && (goes_on_name(text_[end]) || text_[end] == '$')) ++end;
    out_.words.push_back(lower(text_.substr(at_, end - at_)));
    copy_and_keep_apart(end - at_);
  }

  /// Copies what the dollar of a parameter right behind it would become part of.
  void copy_and_keep_apart(std::size_t bytes) {
    copy(bytes);
    apart_ = out_.sql.size();
  }

  /// It goes on behind a line's end: E'a' and then 'b' are one string (section 4.1.2.1), whatever comments of
  /// a line stand between them.
  void string_with_escapes() {
    quoted('\'', true, 1);
    while (!fault_) {
      auto next = at_;
      bool new_line = false;
      while (next < text_.size() && (is_space(text_[next]) || text_.substr(next).starts_with("--"))) {
        new_line = new_line || line_ends.find(text_[next]) != std::string_view::npos;
        next = is_space(text_[next]) ? next + 1 : line_end(next);
      }
      if (!new_line || next == text_.size() || text_[next] != '\'') return;
      copy_blank(next - at_);
      quoted('\'', true, 0);
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;                    ///< of `sql`: behind its last word
  std::size_t apart_ = std::string::npos;  ///< of `sql`: where no parameter may follow without a blank
  bool over_ = false;                      ///< a semicolon has ended the statement
  QueryText out_;
  std::optional<QueryTextFault> fault_;
};

}  // namespace

bool QueryText::has_word(std::string_view word) const {
  return std::ranges::binary_search(words, word);
}

std::string QueryText::with(const std::function<std::string(std::size_t name)>& written) const {
  std::string out;
  std::size_t at = 0;
  for (const auto& place : places) {
    out += sql.substr(at, place.after - at);
    out += written(place.name);
    at = place.after + 1 + std::to_string(place.name + 1).size();
  }
  return out + sql.substr(at);
}

std::size_t QueryText::written_at(std::size_t byte) const {
  std::size_t at = byte;
  for (const auto& place : places) {
    if (place.after > byte) break;
    const auto inside = byte < place.after + 1 + std::to_string(place.name + 1).size();
    if (inside) return place.before;
    at = place.before + 1 + names[place.name].size() +
         (byte - place.after - 1 - std::to_string(place.name + 1).size());
  }
  return at;
}

std::variant<QueryText, QueryTextFault> read_query_text(std::string_view text) {
  return QueryLexer(text).read();
}

}  // namespace troupe::schema
