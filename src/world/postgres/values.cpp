#include "world/postgres/values.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "schema/element.hpp"
#include "support/invariant.hpp"

namespace troupe::world {
namespace {

using postgres::StatementError;
using schema::Column;
using schema::TypeKind;

constexpr std::size_t dimensions_size = 4;  // array_send: a count, and an array without elements has none
constexpr std::size_t array_header = 20;

double real_of(std::string_view wire) {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(wire.data());
  if (wire.size() == 4) return std::bit_cast<float>(boost::endian::load_big_u32(bytes));
  return std::bit_cast<double>(boost::endian::load_big_u64(bytes));
}

/// uuid_in takes both cases, braces, and a hyphen behind any four digits.
std::optional<std::string> canonical_uuid(std::string_view text) {
  if (text.starts_with('{') && text.ends_with('}')) text = text.substr(1, text.size() - 2);
  std::string uuid;
  for (const char c : text) {
    if (c == '-') continue;
    const auto lower = static_cast<char>(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    if (!((lower >= '0' && lower <= '9') || (lower >= 'a' && lower <= 'f'))) return std::nullopt;
    uuid += lower;
  }
  if (uuid.size() != 32) return std::nullopt;
  for (const std::size_t hyphen : {8, 13, 18, 23}) uuid.insert(hyphen, 1, '-');
  return uuid;
}

StatementError no_uuid(std::string_view text) {
  return {"22P02", fmt::format("invalid input syntax for type uuid: \"{}\"", text)};
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::optional<StatementError> store_integer(const Column& column, std::string_view sent, Cell& stored) {
  const auto value = schema::integer_of(sent);
  const auto bits = column.type.bits;
  if (bits < 64 && (value < -(std::int64_t{1} << (bits - 1)) || value >= std::int64_t{1} << (bits - 1)))
    return StatementError{"22003", bits == 16 ? "smallint out of range" : "integer out of range"};
  stored = schema::wire_integer(value, static_cast<std::size_t>(bits) / 8);
  return std::nullopt;
}

std::optional<StatementError> store_real(const Column& column, std::string_view sent, Cell& stored) {
  const auto value = real_of(sent);
  if (column.type.bits == 64) {
    stored = schema::wire_integer(std::bit_cast<std::int64_t>(value));
    return std::nullopt;
  }
  if (std::isfinite(value) && std::abs(value) > double{std::numeric_limits<float>::max()})
    return StatementError{"22003", "value out of range: overflow"};
  stored = schema::wire_integer(std::bit_cast<std::int32_t>(static_cast<float>(value)), 4);
  return std::nullopt;
}

/// An element of the value, as commands carry it.
void append_key(const Column& column, std::string_view value, Key& key) {
  if (column.type.kind == TypeKind::integer) {
    schema::append_integer_element(schema::integer_of(value), key);
  } else if (column.type.kind == TypeKind::real) {
    schema::append_real_element(real_of(value), key);
  } else {
    schema::append_text_element(value, key);
  }
}

}  // namespace

Cell param_of(const postgres::Params& params, std::size_t index) {
  TROUPE_INVARIANT(index < params.size(), "the modelled PostgreSQL misses a parameter");
  const auto* const value = params.values()[index];
  if (value == nullptr) return std::nullopt;
  return std::string(value, static_cast<std::size_t>(params.lengths()[index]));
}

std::vector<Cell> array_of(const postgres::Params& params, std::size_t index) {
  const auto bytes = param_of(params, index).value_or("");
  std::vector<Cell> elements;
  if (bytes.size() < array_header || schema::integer_of(bytes.substr(0, dimensions_size)) == 0)
    return elements;
  for (auto rest = std::string_view(bytes).substr(array_header); !rest.empty();) {
    const auto element = schema::take_element(rest);
    elements.push_back(element ? Cell(*element) : Cell());
  }
  return elements;
}

std::optional<StatementError> store(const Column& column, const Cell& sent, Cell& stored) {
  stored = sent;
  if (!sent) return std::nullopt;
  switch (column.type.kind) {
    case TypeKind::integer:
      return store_integer(column, *sent, stored);
    case TypeKind::real:
      return store_real(column, *sent, stored);
    case TypeKind::uuid:
      stored = canonical_uuid(*sent);
      return stored ? std::nullopt : std::optional(no_uuid(*sent));
    case TypeKind::text:
      if (const auto most = column.type.max_characters;
          most && characters_in(*sent) > static_cast<std::size_t>(*most))
        return StatementError{"22001", fmt::format("value too long for type character varying({})", *most)};
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::strong_ordering compare(const Column& column, std::string_view left, std::string_view right) {
  switch (column.type.kind) {
    case TypeKind::integer:
      return schema::integer_of(left) <=> schema::integer_of(right);
    case TypeKind::real: {
      const auto order = real_of(left) <=> real_of(right);
      return order < 0    ? std::strong_ordering::less
             : order == 0 ? std::strong_ordering::equal
                          : std::strong_ordering::greater;
    }
    case TypeKind::uuid:
      return canonical_uuid(left).value_or("") <=> canonical_uuid(right).value_or("");
    default:
      return left <=> right;
  }
}

std::string text_of(const Column& column, const Cell& cell) {
  if (!cell) return "null";
  switch (column.type.kind) {
    case TypeKind::boolean:
      return *cell == std::string_view("\1", 1) ? "t" : "f";
    case TypeKind::integer:
      return std::to_string(schema::integer_of(*cell));
    case TypeKind::real:
      return column.type.bits == 32 ? fmt::format("{}", static_cast<float>(real_of(*cell)))
                                    : fmt::format("{}", real_of(*cell));
    default:
      return *cell;
  }
}

Key key_of(const schema::Resource& resource, const Cells& row) {
  Key key;
  for (const auto place : resource.key) append_key(resource.columns[place], row[place].value_or(""), key);
  return key;
}

std::optional<StatementError> find_key(const schema::Resource& resource, const std::vector<Cell>& sent,
                                       std::optional<Key>& key) {
  key.emplace();
  bool is_null = false;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const auto& column = resource.columns[resource.key[i]];
    if (!sent[i]) {
      is_null = true;
    } else if (column.type.kind == TypeKind::uuid) {
      const auto uuid = canonical_uuid(*sent[i]);
      if (!uuid) return no_uuid(*sent[i]);
      append_key(column, *uuid, *key);
    } else {
      append_key(column, *sent[i], *key);
    }
  }
  if (is_null) key.reset();
  return std::nullopt;
}

}  // namespace troupe::world
