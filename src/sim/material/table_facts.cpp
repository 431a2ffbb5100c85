#include "sim/material/table_facts.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "schema/table_name.hpp"

namespace troupe::sim {
namespace {

using schema::Resource;
using schema::TypeKind;

// What tells the states of a table apart is how many rows it has, up to here, and its greatest numbers.
constexpr std::size_t most_counted = 100'000;

bool is_number(const schema::Column& column) {
  return column.type.kind == TypeKind::integer || column.type.kind == TypeKind::real ||
         column.type.kind == TypeKind::numeric;
}

/// Columns that can be part of what a body sets.
bool sets_any(const Resource& resource, const ForeignKey& key) {
  return std::ranges::any_of(key.columns, [&](const auto& name) {
    const auto place = resource.find(name);
    return place && resource.columns[*place].writable;
  });
}

Result<std::vector<Referred>> referred_rows(const Resource& resource, RowSource& rows, std::size_t sample) {
  const auto keys = rows.foreign_keys(resource.table);
  if (!keys) return keys.error();
  std::vector<Referred> referred;
  for (const auto& key : *keys) {
    if (!sets_any(resource, key)) continue;
    auto there = rows.sample(key.table, key.referred, sample);
    if (!there) return there.error();
    referred.push_back({schema::plain_table_name(key.table), key.columns, std::move(*there)});
  }
  return referred;
}

}  // namespace

Result<RowFacts> row_facts(const Resource& resource, RowSource& rows, std::size_t sample,
                           std::uint64_t seed) {
  RowFacts facts;
  auto referred = referred_rows(resource, rows, sample);
  if (!referred) return referred.error();
  facts.referred = std::move(*referred);
  const auto count = rows.count(resource.table, most_counted);
  if (!count) return count.error();
  auto state = static_cast<std::uint64_t>(*count);
  auto unique = unique_places(resource, resource.insertable(), facts.referred);
  unique.insert(unique.end(), resource.key.begin(), resource.key.end());  // which grows where it is numbered
  for (const auto place : unique) {
    const auto& column = resource.columns[place];
    if (!is_number(column)) continue;
    const auto greatest = rows.greatest(resource.table, column.name);
    if (!greatest) return greatest.error();
    if (!*greatest) continue;
    facts.greatest[column.name] = **greatest;
    state = Rng(state)() + static_cast<std::uint64_t>(**greatest);
  }
  facts.salt = Rng(Rng(seed)() + state)() >> 16;  // room to add a serial
  return facts;
}

Result<std::vector<RowKey>> existing_keys(const Resource& resource, RowSource& rows, std::size_t sample) {
  std::vector<std::string> names;
  for (const auto place : resource.key) names.push_back(resource.columns[place].name);
  const auto there = rows.sample(resource.table, names, sample);
  if (!there) return there.error();
  std::vector<RowKey> keys;
  for (const auto& row : *there) {
    RowKey key;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto& column = resource.columns[resource.key[i]];
      if (const auto fault = column.codec->parse(row[i], column, key)) {
        return Error{ErrorCode::invalid_argument,
                     fmt::format("{}: a key of {} {}", resource.name, column.name, fault->rule)};
      }
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace troupe::sim
