#include "helpers/query_text_properties.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "helpers/query_text_reference.hpp"
#include "schema/query/query_text.hpp"

namespace troupe::tests {
namespace {

using schema::QueryText;
using schema::QueryTextFault;

/// What the reference makes of a text that it takes.
struct Expected {
  QueryText query;
  std::vector<Token> tokens;  ///< without blanks, and without semicolons
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string unquoted(std::string_view name) {
  std::string out;
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    out += name[i];
    if (name[i] == '"') ++i;
  }
  return out;
}

std::vector<std::string> sorted(const std::set<std::string>& all) {
  return {all.begin(), all.end()};
}

void add_parameter(Expected& out, std::string& sql, std::size_t before, std::string_view name,
                   bool behind_word) {
  auto& [query, tokens] = out;
  const auto number =
      static_cast<std::size_t>(std::find(query.names.begin(), query.names.end(), name) - query.names.begin());
  if (number == query.names.size()) query.names.emplace_back(name);
  if (behind_word) sql += ' ';
  query.places.push_back({before, sql.size(), number});
  sql += '$' + std::to_string(number + 1);
}

/// Nothing of a text that is to be refused.
std::optional<Expected> expected(const Tokens& read, std::string_view text) {
  if (read.refused) return std::nullopt;
  Expected out;
  std::set<std::string> words, operators;
  std::string sql;
  bool over = false, behind_word = false;
  for (const auto& token : read.tokens) {
    const auto before = static_cast<std::size_t>(token.text.data() - text.data());
    if (token.kind == TokenKind::semicolon) {
      if (out.tokens.empty()) return std::nullopt;
      over = true;
      continue;
    }
    if (token.kind == TokenKind::parameter)
      add_parameter(out, sql, before, token.text.substr(1), behind_word);
    else
      sql += token.text;
    behind_word = token.kind == TokenKind::word || token.text == "$";
    if (token.kind == TokenKind::blank) continue;
    if (over) return std::nullopt;
    out.tokens.push_back(token);
    out.query.sql = sql;
    if (token.kind == TokenKind::word) words.insert(lower(token.text));
    if (token.kind == TokenKind::quoted_name) words.insert(unquoted(token.text));
    if (token.kind == TokenKind::operation) operators.emplace(token.text == "!=" ? "<>" : token.text);
  }
  if (out.tokens.empty()) return std::nullopt;
  out.query.words = sorted(words);
  out.query.operators = sorted(operators);
  return out;
}

bool same_places(const QueryText& a, const QueryText& b) {
  return std::ranges::equal(a.places, b.places, [](const auto& one, const auto& other) {
    return one.before == other.before && one.after == other.after && one.name == other.name;
  });
}

/// What PostgreSQL sees of `sql` is what was written, with parameters in the places of names.
std::string broken_for_postgresql(const QueryText& query, const std::vector<Token>& written) {
  const auto seen = reference_tokens(query.sql, Reader::postgresql);
  if (seen.refused) return "PostgreSQL's lexer refuses the sql";
  std::vector<Token> tokens;
  for (const auto& token : seen.tokens)
    if (token.kind != TokenKind::blank) tokens.push_back(token);
  // To PostgreSQL a colon in front of a word is a token of its own.
  if (tokens.size() != written.size()) return "PostgreSQL sees other words in the sql";
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool parameter = written[i].kind == TokenKind::parameter;
    if (tokens[i].kind != written[i].kind) return "PostgreSQL sees another word in the sql";
    if (!parameter && tokens[i].text != written[i].text) return "PostgreSQL sees another text in the sql";
  }
  return {};
}

/// A text in which the names are names again is the same statement.
std::string broken_by_reading_again(const QueryText& query) {
  const auto written = query.with([&](std::size_t name) { return ':' + query.names[name]; });
  const auto again = schema::read_query_text(written);
  const auto* same = std::get_if<QueryText>(&again);
  if (same == nullptr) return "the statement written again is refused";
  if (same->sql != query.sql || same->names != query.names || same->words != query.words ||
      same->operators != query.operators)
    return "the statement written again is another one";
  if (query.with([](std::size_t name) { return '$' + std::to_string(name + 1); }) != query.sql)
    return "with() does not keep the statement";
  return {};
}

/// Each byte outside of parameters stands where it was written.
std::string broken_way_back(const QueryText& query, std::string_view text) {
  std::size_t place = 0, last = 0;
  for (std::size_t byte = 0; byte < query.sql.size(); ++byte) {
    const auto back = query.written_at(byte);
    if (back < last || back >= text.size()) return "written_at leaves the text, or goes back in it";
    last = back;
    while (place < query.places.size() &&
           byte > query.places[place].after + std::to_string(query.places[place].name + 1).size())
      ++place;
    const bool parameter = place < query.places.size() && byte >= query.places[place].after;
    if (parameter ? back != query.places[place].before
                  : text[back] != query.sql[byte] && !(query.sql[byte] == ' ' && text[back] == ':'))
      return "written_at finds another byte";
  }
  return {};
}

}  // namespace

std::string broken_query_text_property(std::string_view text) {
  const auto read = schema::read_query_text(text);
  const auto* fault = std::get_if<QueryTextFault>(&read);
  if (fault != nullptr && (fault->at > text.size() || fault->message.empty()))
    return "a fault outside of the text, or without words";
  if (fault != nullptr && fault->message.find('\n') != std::string::npos)
    return "a fault of more than one line";
  const auto tokens = reference_tokens(text, Reader::ours);
  if (tokens.unclear) return {};
  const auto wanted = expected(tokens, text);
  if (fault != nullptr) return wanted ? "refused, and PostgreSQL would read it: " + fault->message : "";
  if (!wanted) return "read, and to be refused";

  const auto& query = std::get<QueryText>(read);
  if (query.names != wanted->query.names) return "other names than the reference's";
  if (query.sql != wanted->query.sql) return "another sql than the reference's";
  if (!same_places(query, wanted->query)) return "other places than the reference's";
  if (query.words != wanted->query.words) return "other words than the reference's";
  if (query.operators != wanted->query.operators) return "other operators than the reference's";
  if (auto broken = broken_for_postgresql(query, wanted->tokens); !broken.empty()) return broken;
  if (auto broken = broken_by_reading_again(query); !broken.empty()) return broken;
  return broken_way_back(query, text);
}

}  // namespace troupe::tests
