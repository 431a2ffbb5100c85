#include "sim/scenario/text_template.hpp"

#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <charconv>
#include <ctime>
#include <iterator>
#include <optional>
#include <utility>

#include "support/uuid_text.hpp"

namespace troupe::sim {
namespace {

constexpr std::string_view random_call = "random_int(";
constexpr std::array<std::string_view, 4> made_names{"uuid", "now", "user", "iteration"};

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}

void append_safely(std::string_view value, TextTemplate::Escape escape, std::string& out) {
  switch (escape) {
    case TextTemplate::Escape::url:
      out += boost::urls::encode(value, boost::urls::unreserved_chars);
      return;
    case TextTemplate::Escape::json: {
      const auto quoted = boost::json::serialize(boost::json::string(value));
      out.append(
          quoted, 1,
          quoted.size() - 2);  // without its quotes: they are part of the template, or the value is a number
      return;
    }
    case TextTemplate::Escape::header:
      std::ranges::copy_if(value, std::back_inserter(out), [](char c) { return !is_control(c); });
      return;
    case TextTemplate::Escape::text:
      out += value;
  }
}

/// RFC 3339, with milliseconds.
void append_time(std::chrono::milliseconds unix_time, std::string& out) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(unix_time);
  out += fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(seconds.count())),
                     (unix_time - seconds).count());
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

bool is_placeholder_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

bool is_made_name(std::string_view text) {
  return std::ranges::find(made_names, text) != made_names.end();
}

Result<TextTemplate> TextTemplate::parse(std::string_view text, Escape escape, const TemplateNames& names) {
  TextTemplate out(escape);
  if (auto done = out.append(text, names, Literals::kept); !done) return done.error();
  return out;
}

Result<void> TextTemplate::append(std::string_view text, const TemplateNames& names, Literals literals) {
  std::string literal;
  const auto flush = [&] {
    literals == Literals::escaped ? append_escaped(literal) : append_literal(literal);
    literal.clear();
  };
  while (!text.empty()) {
    const auto close = text[0] == '{' ? text.find('}') : std::string_view::npos;
    const auto name = close == std::string_view::npos ? std::string_view{} : text.substr(1, close - 1);
    if (!is_placeholder_name(name) && !name.starts_with(random_call)) {
      literal += text[0];
      text.remove_prefix(1);
      continue;
    }
    flush();
    auto piece = piece_of(name, names);
    if (!piece) return piece.error();
    pieces_.push_back(std::move(*piece));
    text.remove_prefix(close + 1);
  }
  flush();
  return {};
}

void TextTemplate::append_literal(std::string_view text) {
  if (text.empty()) return;
  if (!pieces_.empty()) {
    if (auto* last = std::get_if<std::string>(&pieces_.back())) {
      *last += text;
      return;
    }
  }
  pieces_.emplace_back(std::string(text));
}

void TextTemplate::append_escaped(std::string_view text) {
  std::string safe;
  append_safely(text, escape_, safe);
  append_literal(safe);
}

Result<TextTemplate::Piece> TextTemplate::piece_of(std::string_view name, const TemplateNames& names) {
  const auto place_in = [&](std::span<const std::string> among) -> std::optional<std::size_t> {
    const auto found = std::ranges::find(among, name);
    return found == among.end() ? std::nullopt
                                : std::optional(static_cast<std::size_t>(found - among.begin()));
  };
  if (const auto parameter = place_in(names.parameters)) return Piece(Parameter{*parameter});
  if (name == "id") return Piece(Id{});
  if (const auto column = names.data != nullptr ? names.data->column(name) : std::nullopt)
    return Piece(Column{*column});
  if (const auto variable = place_in(names.variables))
    return Piece(Variable{static_cast<std::uint16_t>(*variable)});
  if (name.starts_with(random_call)) return random_int(name);
  if (const auto made = std::ranges::find(made_names, name); made != made_names.end())
    return Piece(static_cast<Made>(made - made_names.begin()));
  std::string known = "id";
  for (const auto& other : names.parameters) known += ", " + other;
  if (names.data != nullptr) known += fmt::format(", {}", fmt::join(names.data->columns, ", "));
  for (const auto& other : names.variables) known += ", " + other;
  return Error{
      ErrorCode::invalid_argument,
      fmt::format("unknown placeholder {{{}}} (known: {}, uuid, now, random_int(1,9), user, iteration)", name,
                  known)};
}

Result<TextTemplate::Piece> TextTemplate::random_int(std::string_view call) {
  const auto comma = call.find(',');
  if (call.ends_with(')') && comma != std::string_view::npos) {
    const auto low = whole_number(call.substr(random_call.size(), comma - random_call.size()));
    const auto high = whole_number(call.substr(comma + 1, call.size() - comma - 2));
    if (low && high && *low <= *high) return Piece(RandomInt{*low, *high});
  }
  return Error{ErrorCode::invalid_argument,
               fmt::format("{{{}}} needs two whole numbers, the lower one first: {{random_int(1,9)}}", call)};
}

bool TextTemplate::uses_id() const {
  return std::any_of(pieces_.begin(), pieces_.end(),
                     [](const auto& piece) { return std::holds_alternative<Id>(piece); });
}

bool TextTemplate::is_constant() const {
  return std::all_of(pieces_.begin(), pieces_.end(),
                     [](const auto& piece) { return std::holds_alternative<std::string>(piece); });
}

bool TextTemplate::uses_row() const {
  return std::any_of(pieces_.begin(), pieces_.end(),
                     [](const auto& piece) { return std::holds_alternative<Column>(piece); });
}

bool TextTemplate::makes_names() const {
  return std::any_of(pieces_.begin(), pieces_.end(), [](const auto& piece) {
    return std::holds_alternative<Made>(piece) || std::holds_alternative<RandomInt>(piece);
  });
}

std::vector<std::uint16_t> TextTemplate::variables() const {
  std::vector<std::uint16_t> used;
  for (const auto& piece : pieces_) {
    if (const auto* variable = std::get_if<Variable>(&piece)) used.push_back(variable->index);
  }
  return used;
}

void TextTemplate::render(const TemplateValues& values, std::string& out) const {
  for (const auto& piece : pieces_) {
    if (const auto* literal = std::get_if<std::string>(&piece)) {
      out += *literal;
    } else {
      render_piece(piece, values, out);
    }
  }
}

void TextTemplate::render_piece(const Piece& piece, const TemplateValues& values, std::string& out) const {
  if (const auto* column = std::get_if<Column>(&piece)) {
    append_safely((*values.row)[column->index], escape_, out);
  } else if (const auto* parameter = std::get_if<Parameter>(&piece)) {
    append_safely(values.parameters[parameter->index], escape_, out);
  } else if (const auto* variable = std::get_if<Variable>(&piece)) {
    append_safely(values.variables[variable->index], escape_, out);
  } else if (const auto* range = std::get_if<RandomInt>(&piece)) {
    const auto count = static_cast<std::uint64_t>(range->high) - static_cast<std::uint64_t>(range->low) + 1;
    const auto drawn = count == 0 ? (*values.sender->rng)() : values.sender->rng->below(count);
    out += std::to_string(static_cast<std::int64_t>(static_cast<std::uint64_t>(range->low) + drawn));
  } else if (const auto* made = std::get_if<Made>(&piece)) {
    const auto& sender = *values.sender;
    std::string text;
    if (*made == Made::uuid) append_uuid(*sender.rng, text);
    if (*made == Made::now) append_time(sender.unix_time, text);
    if (*made == Made::user) text = std::to_string(sender.user);
    if (*made == Made::iteration) text = std::to_string(sender.iteration);
    append_safely(text, escape_, out);
  } else {
    for (std::size_t i = 0; i < values.id.size(); ++i) {
      if (i > 0) out += '/';
      append_safely(values.id[i], escape_, out);
    }
  }
}

}  // namespace troupe::sim
