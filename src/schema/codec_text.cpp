#include "schema/codec_text.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "schema/element.hpp"
#include "schema/msgpack_text.hpp"
#include "schema/text.hpp"
#include "support/json_string.hpp"

namespace troupe::schema {
namespace {

std::string characters(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " character" : " characters");
}

MaybeFault check_facts(const TextFacts& facts) {
  if (!facts.valid_utf8) {
    return value_fault("string_unicode", "must be valid Unicode, without lone surrogates");
  }
  if (facts.has_nul) return value_fault("value_error", "must not contain the character U+0000");
  return std::nullopt;
}

/// The most characters that the type and the rules allow.
std::optional<std::size_t> max_characters(const Column& column) {
  std::optional<std::size_t> most = column.rules.max_length;
  if (const auto of_type = column.type.max_characters) {
    most =
        std::min(most.value_or(std::numeric_limits<std::size_t>::max()), static_cast<std::size_t>(*of_type));
  }
  return most;
}

MaybeFault check_rules(std::string_view text, const TextFacts& facts, const Column& column) {
  const auto& rules = column.rules;
  if (!facts.valid_utf8) return check_facts(facts);
  if (rules.min_length && facts.characters < *rules.min_length) {
    return value_fault("string_too_short", "must have at least " + characters(*rules.min_length));
  }
  const auto most = max_characters(column);
  if (most && facts.characters > *most) {
    return value_fault("string_too_long", "must have at most " + characters(*most));
  }
  if (facts.has_nul) return check_facts(facts);
  if (rules.pattern && !re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *rules.pattern)) {
    return value_fault("string_pattern_mismatch", "must match the pattern " + rules.pattern->pattern());
  }
  return std::nullopt;
}

/// A type whose value is a text, appended as it is when `Check` finds no fault in it.
template <MaybeFault (*Check)(std::string_view text, const Column& column)>
MaybeFault read_as_text(const Scalar& value, const Column& column, std::string& out) {
  if (take_null(value, column, out)) return std::nullopt;
  if (value.kind != Scalar::Kind::text) return type_fault("string_type", "must be a string", column);
  if (auto fault = Check(value.text, column)) return fault;
  append_text_element(value.text, out);
  return std::nullopt;
}

template <MaybeFault (*Check)(std::string_view text, const Column& column)>
MaybeFault parse_as_text(std::string_view text, const Column& column, std::string& out) {
  if (auto fault = Check(text, column)) return fault;
  append_text_element(text, out);
  return std::nullopt;
}

MaybeFault check_body_text(std::string_view text, const Column& column) {
  return check_rules(text, inspect_text(text), column);
}

/// A text of a path or query, which is compared with what is stored and need not be storable itself.
MaybeFault check_url_text(std::string_view text, const Column&) {
  const TextFacts facts = inspect_text(text);
  if (!facts.valid_utf8) return value_fault("string_unicode", "must be valid UTF-8");
  return check_facts(facts);
}

bool is_hex(char c) {
  return ('0' <= c && c <= '9') || ('a' <= c && c <= 'f') || ('A' <= c && c <= 'F');
}

MaybeFault check_uuid(std::string_view text, const Column&) {
  bool good = text.size() == 36 || text.size() == 32;
  for (std::size_t i = 0; good && i < text.size(); ++i) {
    const bool hyphen = text.size() == 36 && (i == 8 || i == 13 || i == 18 || i == 23);
    good = hyphen ? text[i] == '-' : is_hex(text[i]);
  }
  if (good) return std::nullopt;
  return value_fault("uuid_parsing", "must be a UUID, as in 123e4567-e89b-12d3-a456-426614174000");
}

/// "a, b or c"
std::string listed(const std::vector<std::string>& labels) {
  std::string text;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (i > 0) text += i + 1 == labels.size() ? " or " : ", ";
    text += labels[i];
  }
  return text;
}

MaybeFault check_label(std::string_view text, const Column& column) {
  if (std::ranges::find(column.type.labels, text) != column.type.labels.end()) return std::nullopt;
  return value_fault("enum", "must be " + listed(column.type.labels));
}

MaybeFault read_enumeration(const Scalar& value, const Column& column, std::string& out) {
  if (take_null(value, column, out)) return std::nullopt;
  if (value.kind != Scalar::Kind::text) {
    return type_fault("enum", "must be " + listed(column.type.labels), column);
  }
  if (auto fault = check_label(value.text, column)) return fault;
  append_text_element(value.text, out);
  return std::nullopt;
}

MaybeFault check_any_text(std::string_view text, const Column&) {
  return check_text(text);
}

}  // namespace

MaybeFault check_text(std::string_view text) {
  return check_facts(inspect_text(text));
}

void write_json_text(std::string_view wire, const Column&, std::string& out) {
  append_json_string(wire, out);
}

void write_msgpack_text(std::string_view wire, const Column&, std::string& out) {
  append_msgpack_text(wire, out);
}

const Codec text_codec{read_as_text<check_body_text>, parse_as_text<check_url_text>, write_json_text,
                       write_msgpack_text};
const Codec uuid_codec{read_as_text<check_uuid>, parse_as_text<check_uuid>, write_json_text,
                       write_msgpack_text};
const Codec enumeration_codec{read_enumeration, parse_as_text<check_label>, write_json_text,
                              write_msgpack_text};
const Codec other_codec{read_as_text<check_any_text>, parse_as_text<check_url_text>, write_json_text,
                        write_msgpack_text};

}  // namespace troupe::schema
