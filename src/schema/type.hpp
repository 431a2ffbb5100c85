#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe::schema {

/// What kind of value a column holds, as far as it is read and written in ways of its own.
enum class TypeKind : std::uint8_t {
  boolean,
  integer,  ///< smallint, integer, bigint
  real,     ///< real, double precision
  numeric,  ///< exact: digits in, digits out
  text,     ///< text, varchar, char, citext, name
  uuid,
  date,
  time,       ///< without a time zone
  timestamp,  ///< without a time zone
  timestamptz,
  interval,
  json,   ///< json, jsonb
  bytes,  ///< bytea
  enumeration,
  array,
  other,  ///< through PostgreSQL's text form
};

/// The form in which a value crosses PostgreSQL's wire, in both directions: the binary format of a type.
enum class WireForm : std::uint8_t {
  boolean,  ///< 1 byte
  integer,  ///< big-endian, 2, 4 or 8 bytes from PostgreSQL, always 8 to it
  real,     ///< IEEE 754 big-endian, 4 or 8 bytes from PostgreSQL, always 8 to it
  text,     ///< UTF-8
  bytes,
};

/// A column's type, below any domain. Pure data.
struct Type {
  TypeKind kind = TypeKind::text;
  std::string name;  ///< what SQL casts to, quoted, without a length: `numeric`, `"shop"."mood"`, `integer[]`
  std::string declared;                 ///< for people: `numeric(10,2)`, `shop.mood`
  int bits = 64;                        ///< of an integer (16, 32, 64) or real (32, 64)
  std::optional<int> max_characters{};  ///< varchar(n), char(n)
  std::optional<int> precision{};       ///< numeric(p,s)
  int scale = 0;                        ///< numeric(p,s)
  std::vector<std::string> labels{};    ///< of an enumeration, in its order
  std::vector<Type> element{};          ///< of an array: one
};

/// The form in which values of this kind travel.
WireForm wire_form_of(TypeKind kind);

}  // namespace troupe::schema
