#include "postgres/catalogue/column_type.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace troupe::postgres {
namespace {

using schema::TypeKind;

/// The types with a number of their own, which no release changes (pg_type.dat).
struct BuiltIn {
  std::int64_t oid;
  TypeKind kind;
  int bits = 64;
};
constexpr std::int64_t varchar_oid = 1043, bpchar_oid = 1042;
constexpr std::array built_in{
    BuiltIn{16, TypeKind::boolean},      BuiltIn{17, TypeKind::bytes},
    BuiltIn{19, TypeKind::text},         BuiltIn{20, TypeKind::integer},
    BuiltIn{21, TypeKind::integer, 16},  BuiltIn{23, TypeKind::integer, 32},
    BuiltIn{25, TypeKind::text},         BuiltIn{114, TypeKind::json},
    BuiltIn{700, TypeKind::real, 32},    BuiltIn{701, TypeKind::real},
    BuiltIn{bpchar_oid, TypeKind::text}, BuiltIn{varchar_oid, TypeKind::text},
    BuiltIn{1082, TypeKind::date},       BuiltIn{1083, TypeKind::time},
    BuiltIn{1114, TypeKind::timestamp},  BuiltIn{1184, TypeKind::timestamptz},
    BuiltIn{1186, TypeKind::interval},   BuiltIn{1700, TypeKind::numeric},
    BuiltIn{2950, TypeKind::uuid},       BuiltIn{3802, TypeKind::json},
};

constexpr std::int64_t header = 4;  // VARHDRSZ, which these types' modifiers include

void read_modifier(const CatalogueType& from, schema::Type& type) {
  if (from.typmod < header) return;
  const auto modifier = static_cast<std::uint32_t>(from.typmod - header);
  if (from.oid == varchar_oid || from.oid == bpchar_oid) {
    type.max_characters = static_cast<int>(modifier);
  } else if (type.kind == TypeKind::numeric) {
    // From 15 on a scale may be negative: 11 bits with a sign. Before, it was 0 to 1000 and reads the same.
    constexpr int scale_bits = 0x7ff, sign = 0x400;
    type.precision = static_cast<int>((modifier >> 16) & 0xffff);
    type.scale = ((static_cast<int>(modifier) & scale_bits) ^ sign) - sign;
  }
}

}  // namespace

schema::Type column_type(CatalogueType from) {
  schema::Type type;
  const auto known = std::ranges::find(built_in, from.oid, &BuiltIn::oid);
  if (known != built_in.end()) {
    type.kind = known->kind;
    type.bits = known->bits;
  } else if (from.enumeration) {
    type.kind = TypeKind::enumeration;
  } else {
    type.kind = from.typname == "citext" ? TypeKind::text : TypeKind::other;
  }
  read_modifier(from, type);
  type.name = std::move(from.name);
  type.declared = std::move(from.declared);
  type.labels = std::move(from.labels);
  return type;
}

}  // namespace troupe::postgres
