#include "helpers/query_text_reference.hpp"

#include <re2/re2.h>

#include <array>
#include <memory>

namespace troupe::tests {
namespace {

enum class Rule { token, block_comment, dollar_quote, operation, numbered_parameter, refused, unclear };

struct Line {
  Rule rule;
  TokenKind kind;
  std::string pattern;
  std::optional<Reader> reader = {};  ///< only this one has the line
};

const std::string start = R"([A-Za-z_\x80-\xFF])";
const std::string inside = R"([A-Za-z_\x80-\xFF0-9])";
const std::string operators = R"([~!@#^&|`?+\-*/%<>=])";
const std::string comment = R"(--[^\n\r]*)";
const std::string gap =
    R"((?:[ \t\v\f]|)" + comment + R"()*[\n\r](?:[ \t\v\f\n\r]+|)" + comment + R"([\n\r])*)";
const std::string plain = R"((?:[^']|'')*)";
const std::string escaped = R"((?:[^'\\]|''|\\[\x00-\xFF])*)";
const std::string escaped_parts = "[eE]'" + escaped + "(?:'" + gap + "'" + escaped + ")*";

/// In scan.l's order: of equally long matches the first one counts.
std::vector<Line> lines() {
  using K = TokenKind;
  return {
      {Rule::token, K::blank, R"([ \t\v\f\n\r]+)"},
      {Rule::token, K::blank, comment},
      {Rule::block_comment, K::blank, R"(/\*)" + operators + "*"},
      {Rule::token, K::string, "[bBxXnN]?'" + plain + "'"},
      {Rule::refused, K::other, "[bBxXnN]?'" + plain},
      {Rule::token, K::string, escaped_parts + "'"},
      {Rule::refused, K::other, escaped_parts + R"(\\?)"},
      {Rule::token, K::string, "[uU]&'" + plain + "'"},
      {Rule::refused, K::other, "[uU]&'" + plain},
      {Rule::refused, K::other, R"([uU]&")", Reader::ours},
      {Rule::token, K::quoted_name, R"([uU]&"(?:[^"]|"")*")", Reader::postgresql},
      {Rule::token, K::quoted_name, R"("(?:[^"]|"")*")"},
      {Rule::refused, K::other, R"("(?:[^"]|"")*)"},
      {Rule::dollar_quote, K::string, R"(\$(?:)" + start + inside + R"(*)?\$)"},
      {Rule::numbered_parameter, K::parameter, R"(\$[0-9]+)"},
      {Rule::token, K::parameter, ":" + start + inside + "*", Reader::ours},
      {Rule::token, K::other, "::|:="},
      {Rule::token, K::semicolon, ";"},
      {Rule::operation, K::operation, operators + "+"},
      {Rule::unclear, K::other, R"((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]*)?)" + start},
      {Rule::token, K::number, R"((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"},
      {Rule::token, K::word, start + R"([A-Za-z_\x80-\xFF0-9$]*)"},
      {Rule::refused, K::other, R"(\x00)"},
      {Rule::token, K::other, R"([\x00-\xFF])"},
  };
}

struct Scanner {
  Scanner() : rules(lines()) {
    RE2::Options options(RE2::Latin1);
    options.set_longest_match(true);
    for (const auto& line : rules) expressions.push_back(std::make_unique<RE2>(line.pattern, options));
  }
  std::vector<Line> rules;
  std::vector<std::unique_ptr<RE2>> expressions;
};

std::optional<std::size_t> match(const RE2& expression, std::string_view text) {
  re2::StringPiece found;
  if (!expression.Match({text.data(), text.size()}, 0, text.size(), RE2::ANCHOR_START, &found, 1))
    return std::nullopt;
  return found.size();
}

/// The state <xc>: a count of the comments that are open.
std::optional<std::size_t> block_comment(std::string_view text) {
  std::size_t at = 2;
  for (int open = 1; open > 0;) {
    if (at >= text.size()) return std::nullopt;
    const auto rest = text.substr(at);
    open += rest.starts_with("/*") ? 1 : rest.starts_with("*/") ? -1 : 0;
    at += rest.starts_with("/*") || rest.starts_with("*/") ? 2 : 1;
  }
  return at;
}

/// The state <xdolq>: a dollar's word that is not the tag may be the beginning of one.
std::optional<std::size_t> dollar_quote(std::string_view text, std::string_view tag) {
  for (auto at = tag.size(); at < text.size(); ++at) {
    if (text.substr(at).starts_with(tag)) return at + tag.size();
  }
  return std::nullopt;
}

/// It ends at a comment; a sign at its end is its own only beside characters that SQL has no operators of.
std::size_t operation(std::string_view text) {
  text = text.substr(0, std::min(text.find("/*"), text.find("--")));
  if (text.find_first_of("~!@#^&|`?%") == std::string_view::npos) {
    while (text.size() > 1 && (text.ends_with('+') || text.ends_with('-'))) text.remove_suffix(1);
  }
  return text.size();
}

}  // namespace

Tokens reference_tokens(std::string_view text, Reader reader) {
  static const Scanner scanner;
  Tokens out;
  while (!text.empty()) {
    std::size_t longest = 0, best = 0;
    for (std::size_t i = 0; i < scanner.rules.size(); ++i) {
      if (scanner.rules[i].reader.value_or(reader) != reader) continue;
      const auto bytes = match(*scanner.expressions[i], text);
      if (bytes && *bytes > longest) longest = *bytes, best = i;
    }
    const auto& line = scanner.rules[best];
    std::optional<std::size_t> bytes = longest;
    if (line.rule == Rule::block_comment) bytes = block_comment(text);
    if (line.rule == Rule::dollar_quote) bytes = dollar_quote(text, text.substr(0, longest));
    if (line.rule == Rule::operation) bytes = operation(text.substr(0, longest));
    out.unclear = out.unclear || line.rule == Rule::unclear;
    if (!bytes || line.rule == Rule::refused ||
        (line.rule == Rule::numbered_parameter && reader == Reader::ours)) {
      out.refused = true;
      return out;
    }
    out.tokens.push_back({line.kind, text.substr(0, *bytes)});
    text.remove_prefix(*bytes);
  }
  return out;
}

}  // namespace troupe::tests
