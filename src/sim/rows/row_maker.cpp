#include "sim/rows/row_maker.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <optional>

namespace troupe::sim {
namespace {

using schema::Column;
using schema::Resource;
using schema::TypeKind;

constexpr std::uint64_t one_in_null = 8;  // of values that may be null
constexpr int samples = 64;               // that are held against the column's rules before a run

bool contains(const std::vector<std::size_t>& places, std::size_t place) {
  return std::ranges::find(places, place) != places.end();
}

/// A default that is computed: now(), nextval(), an identity. Others are as good as any value.
bool keeps_default(const Column& column) {
  return column.has_default &&
         (column.default_sql.empty() || column.default_sql.find('(') != std::string::npos);
}

/// How many values a column has to tell rows apart by: more is better.
int width_of(const Column& column) {
  if (!can_be_unique(column) || column.rules.pattern) return column.rules.pattern ? 1 : 0;
  switch (column.type.kind) {
    case TypeKind::uuid:
    case TypeKind::bytes:
      return 9;
    case TypeKind::text:
      return column.type.max_characters.value_or(99) < 6 || column.rules.max_length.value_or(99) < 6 ? 2 : 8;
    case TypeKind::integer:
      return column.type.bits == 64 ? 7 : column.type.bits == 32 ? 6 : 2;
    case TypeKind::numeric:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return 5;
    default:
      return 3;
  }
}

const Referred* referred_by(const std::vector<Referred>& referred, const std::string& column) {
  const auto found = std::ranges::find_if(
      referred, [&](const auto& key) { return std::ranges::find(key.columns, column) != key.columns.end(); });
  return found == referred.end() ? nullptr : &*found;
}

/// Which of these columns, that must differ together, a serial goes into.
std::optional<std::size_t> carrier(const Resource& resource, const std::vector<std::string>& columns,
                                   const std::vector<std::size_t>& places,
                                   const std::vector<Referred>& referred) {
  std::optional<std::size_t> best;
  int best_width = 0;
  for (const auto& name : columns) {
    const auto place = resource.find(name);
    if (!place) return std::nullopt;  // hidden: not ours to fill
    const auto& column = resource.columns[*place];
    if (!contains(places, *place) || keeps_default(column)) return std::nullopt;  // the database fills it
    // One that refers can only go through the rows that there are.
    const int width = referred_by(referred, name) != nullptr ? 1 : 10 * width_of(column);
    if (width <= best_width) continue;
    best = place;
    best_width = width;
  }
  return best;
}

ValueMaker referring(const Resource& resource, const std::vector<std::size_t>& places,
                     const Referred& referred, bool in_turn) {
  std::vector<std::pair<const Column*, std::size_t>> columns;  // null: not to be set
  for (const auto& name : referred.columns) {
    const auto place = resource.find(name);
    const bool set = place && contains(places, *place);
    columns.emplace_back(set ? &resource.columns[*place] : nullptr, place.value_or(0));
  }
  return [columns, rows = referred.rows, in_turn](const Making& making, RowValues& out) {
    const auto& row = rows[in_turn ? making.serial % rows.size() : making.rng.below(rows.size())];
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].first != nullptr) add_text(*columns[i].first, columns[i].second, row[i], out);
    }
  };
}

/// Null now and then.
ValueMaker sometimes_null(ValueMaker make, std::vector<std::size_t> places) {
  return [make = std::move(make), places = std::move(places)](const Making& making, RowValues& out) {
    if (making.rng.below(one_in_null) != 0) return make(making, out);
    for (const auto place : places) out.add_null(place);
  };
}

/// Why the values that a maker makes are none for its column; empty when they are.
std::string fault_of(const ValueMaker& make, const Column& column) {
  Rng rng(1);
  for (std::uint64_t i = 0; i < samples; ++i) {
    RowValues values;
    make({rng, i}, values);
    std::string element;
    if (const auto fault = column.codec->read(values.scalar(0), column, element)) return fault->rule;
  }
  return {};
}

/// One column that refers to nothing. Absent: it is left out.
Result<std::optional<ValueMaker>> plain_maker(const Column& column, std::size_t place,
                                              const std::optional<UniqueStart>& unique) {
  auto make = value_maker(column, place, unique);
  std::string why = make ? fault_of(*make, column) : make.error().message;
  if (!why.empty()) {
    if (!column.required()) return std::optional<ValueMaker>{};
    return Error{ErrorCode::invalid_argument, fmt::format("column {}: {}", column.name, why)};
  }
  if (column.nullable && !unique) make = sometimes_null(std::move(*make), {place});
  return std::optional(std::move(*make));
}

Error nothing_to_refer_to(const Referred& referred) {
  return {ErrorCode::invalid_argument, fmt::format("column {} refers to {}, which has no rows",
                                                   fmt::join(referred.columns, ", "), referred.name)};
}

/// A foreign key's columns that are to be set, or absent where they are left null.
Result<std::optional<ValueMaker>> foreign_maker(const Resource& resource,
                                                const std::vector<std::size_t>& places,
                                                const Referred& referred, bool in_turn) {
  std::vector<std::size_t> own;
  bool nullable = true;
  for (const auto& name : referred.columns) {
    const auto place = resource.find(name);
    if (!place || !contains(places, *place)) continue;
    own.push_back(*place);
    nullable = nullable && resource.columns[*place].nullable;
  }
  if (referred.rows.empty()) {
    if (!nullable) return nothing_to_refer_to(referred);
    return std::optional<ValueMaker>{};
  }
  auto make = referring(resource, places, referred, in_turn);
  return std::optional(nullable && !in_turn ? sometimes_null(std::move(make), own) : std::move(make));
}

}  // namespace

void RowMaker::make(Rng& user, const std::vector<std::string>* data, RowValues& out) const {
  out.clear();
  if (!serial_) {
    for (const auto& make : makers_) make({user, 0, data}, out);
    return;
  }
  const auto serial = serial_->fetch_add(1, std::memory_order_relaxed);
  Rng rng(seed_, RandomStream::row_values, serial);
  for (const auto& make : makers_) make({rng, serial, data}, out);
}

std::vector<std::size_t> unique_places(const Resource& resource, const std::vector<std::size_t>& places,
                                       const std::vector<Referred>& referred) {
  std::vector<std::size_t> unique;
  const auto add = [&](const std::vector<std::string>& columns) {
    const auto place = carrier(resource, columns, places, referred);
    if (place && !contains(unique, *place)) unique.push_back(*place);
  };
  std::vector<std::string> key;
  for (const auto place : resource.key) key.push_back(resource.columns[place].name);
  if (!key.empty()) add(key);
  for (const auto& constraint : resource.constraints) {
    if (constraint.kind == schema::Constraint::Kind::unique && !constraint.columns.empty())
      add(constraint.columns);
  }
  return unique;
}

Result<std::vector<ValueMaker>> row_values_of(const Resource& resource,
                                              const std::vector<std::size_t>& places, const RowFacts& facts) {
  std::vector<ValueMaker> makers;
  const auto unique = unique_places(resource, places, facts.referred);
  std::vector<const Referred*> done;
  for (const auto place : places) {
    const auto& column = resource.columns[place];
    Result<std::optional<ValueMaker>> made = std::optional<ValueMaker>{};
    if (const auto* referred = referred_by(facts.referred, column.name)) {
      if (std::ranges::find(done, referred) != done.end()) continue;  // with the column before
      done.push_back(referred);
      const bool in_turn = std::ranges::any_of(referred->columns, [&](const auto& name) {
        return contains(unique, resource.find(name).value_or(resource.columns.size()));
      });
      made = foreign_maker(resource, places, *referred, in_turn);
    } else if (!keeps_default(column)) {
      std::optional<UniqueStart> start;
      if (contains(unique, place)) {
        const auto greatest = facts.greatest.find(column.name);
        start = UniqueStart{greatest == facts.greatest.end() ? 0 : greatest->second + 1, facts.salt};
      }
      made = plain_maker(column, place, start);
    }
    if (!made) return made.error();
    if (*made) makers.push_back(std::move(**made));
  }
  return makers;
}

}  // namespace troupe::sim
