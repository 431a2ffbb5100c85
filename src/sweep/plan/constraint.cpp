#include "sweep/plan/constraint.hpp"

#include <muParser.h>
#include <spdlog/fmt/fmt.h>

#include "support/suggest.hpp"

namespace troupe::sweep {
namespace {

/// muParser names hold letters, digits and underscores: the words of settings have a hyphen
/// ("per-connection").
std::string without_hyphens(std::string text, const Variables& variables) {
  for (const auto& [name, value] : variables) {
    if (name.find('-') == name.npos) continue;
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
      for (auto& c : std::span(text).subspan(at, name.size())) c = c == '-' ? '_' : c;
    }
  }
  return text;
}

std::string in_one_line(std::string text) {
  for (auto& c : text) c = c == '\n' || c == '\r' ? ' ' : c;
  return text;
}

std::string message_of(const mu::Parser::exception_type& error, const Variables& variables) {
  const auto& token = error.GetToken();
  if (error.GetCode() != mu::ecUNASSIGNABLE_TOKEN || token.empty()) return error.GetMsg();
  std::vector<std::string_view> names;
  for (const auto& [name, value] : variables) names.push_back(name);
  const auto near = nearest(token, names);
  return fmt::format("unknown name '{}'{}", token,
                     near.empty() ? "" : fmt::format("; did you mean {}?", near));
}

}  // namespace

Result<bool> holds(const std::string& text, const Variables& variables) {
  try {
    mu::Parser parser;
    for (const auto& [name, value] : variables) {
      auto known = name;
      for (auto& c : known) c = c == '-' ? '_' : c;
      parser.DefineConst(known, value);
    }
    parser.SetExpr(without_hyphens(text, variables));
    return parser.Eval() != 0;
  } catch (const mu::Parser::exception_type& error) {
    return Error{ErrorCode::invalid_argument, fmt::format("constraint '{}': {}", in_one_line(text),
                                                          in_one_line(message_of(error, variables)))};
  }
}

}  // namespace troupe::sweep
