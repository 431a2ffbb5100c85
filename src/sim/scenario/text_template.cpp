#include "sim/scenario/text_template.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace troupe::sim {
namespace {

void append_escaped(std::string_view value, TextTemplate::Escape escape, std::string& out) {
  if (escape == TextTemplate::Escape::path) {
    out += boost::urls::encode(value, boost::urls::unreserved_chars);
    return;
  }
  const auto quoted = boost::json::serialize(boost::json::string(value));
  out.append(
      quoted, 1,
      quoted.size() - 2);  // without its quotes: they are part of the template, or the value is a number
}

}  // namespace

bool is_placeholder_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

Result<TextTemplate> TextTemplate::parse(std::string_view text, Escape escape, const TemplateNames& names) {
  TextTemplate out;
  out.escape_ = escape;
  std::string literal;
  const auto flush = [&] {
    if (!literal.empty()) out.pieces_.emplace_back(std::move(literal));
    literal.clear();
  };
  while (!text.empty()) {
    const auto close = text[0] == '{' ? text.find('}') : std::string_view::npos;
    const auto name = close == std::string_view::npos ? std::string_view{} : text.substr(1, close - 1);
    if (!is_placeholder_name(name)) {
      literal += text[0];
      text.remove_prefix(1);
      continue;
    }
    flush();
    if (const auto parameter = std::ranges::find(names.parameters, name);
        parameter != names.parameters.end()) {
      out.pieces_.emplace_back(Parameter{static_cast<std::size_t>(parameter - names.parameters.begin())});
    } else if (name == "id") {
      out.pieces_.emplace_back(Id{});
    } else if (const auto column = names.data != nullptr ? names.data->column(name) : std::nullopt) {
      out.pieces_.emplace_back(Column{*column});
    } else {
      std::string known = "id";
      for (const auto& other : names.parameters) known += ", " + other;
      if (names.data != nullptr) known += fmt::format(", {}", fmt::join(names.data->columns, ", "));
      return Error{ErrorCode::invalid_argument,
                   fmt::format("unknown placeholder {{{}}} (known: {})", name, known)};
    }
    text.remove_prefix(close + 1);
  }
  flush();
  return out;
}

bool TextTemplate::uses_id() const {
  return std::any_of(pieces_.begin(), pieces_.end(),
                     [](const auto& piece) { return std::holds_alternative<Id>(piece); });
}

bool TextTemplate::uses_row() const {
  return std::any_of(pieces_.begin(), pieces_.end(),
                     [](const auto& piece) { return std::holds_alternative<Column>(piece); });
}

void TextTemplate::render(const TemplateValues& values, std::string& out) const {
  for (const auto& piece : pieces_) {
    if (const auto* literal = std::get_if<std::string>(&piece)) {
      out += *literal;
    } else if (const auto* column = std::get_if<Column>(&piece)) {
      append_escaped((*values.row)[column->index], escape_, out);
    } else if (const auto* parameter = std::get_if<Parameter>(&piece)) {
      append_escaped(values.parameters[parameter->index], escape_, out);
    } else {
      for (std::size_t i = 0; i < values.id.size(); ++i) {
        if (i > 0) out += '/';
        append_escaped(values.id[i], escape_, out);
      }
    }
  }
}

}  // namespace troupe::sim
