#include "world/postgres/reads.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "postgres/wire/rows_builder.hpp"
#include "schema/element.hpp"
#include "world/postgres/values.hpp"

namespace troupe::world {
namespace {

struct FoundRow {
  std::int64_t ordinal;
  SharedVersion version;
};

postgres::Rows rows_of(const Meaning& meaning, const std::vector<FoundRow>& found, bool with_ordinals) {
  const auto& resource = meaning.resource->resource;
  const auto columns = static_cast<int>(resource.columns.size());
  const int first = with_ordinals ? 1 : 0;
  postgres::RowsBuilder built(first + columns + (resource.has_xmin ? 1 : 0));
  for (int row = 0; row < static_cast<int>(found.size()); ++row) {
    const auto& [ordinal, version] = found[static_cast<std::size_t>(row)];
    if (with_ordinals) built.set(row, 0, schema::wire_integer(ordinal));
    for (int place = 0; place < columns; ++place)
      built.set(row, first + place, version->cells[static_cast<std::size_t>(place)]);
    if (resource.has_xmin) built.set(row, first + columns, schema::wire_integer(version->xmin, 4));
  }
  return built.take();
}

}  // namespace

std::variant<postgres::Rows, postgres::StatementError> read_rows(const Meaning& meaning,
                                                                 const postgres::Params& params,
                                                                 const Transaction* reader) {
  if (meaning.act == Act::list) return meaning.list->run(*meaning.table, params, reader);
  const auto& resource = meaning.resource->resource;
  const bool one = meaning.act == Act::read_one;
  const bool by_key = one || meaning.resource->statements.reads_by_key();
  std::vector<std::vector<Cell>> columns;
  for (std::size_t i = 0; i < resource.key.size(); ++i)
    columns.push_back(one ? std::vector{param_of(params, i)} : array_of(params, i));
  std::vector<FoundRow> found;
  for (std::size_t row = 0; row < columns.front().size(); ++row) {
    std::vector<Cell> sent;
    for (const auto& column : columns) sent.push_back(column[row]);
    std::optional<Key> key;
    if (auto fault = find_key(resource, sent, key)) return std::move(*fault);
    if (!key) continue;
    if (auto version = meaning.table->seen_by(reader, *key))
      found.push_back({static_cast<std::int64_t>(row) + 1, std::move(version)});
  }
  if (by_key) {  // = ANY: a key that is named twice is found once, in the table's order
    const auto place = [](const FoundRow& row) { return row.version->place; };
    std::ranges::sort(found, {}, place);
    const auto same = [&](const FoundRow& a, const FoundRow& b) { return place(a) == place(b); };
    found.erase(std::unique(found.begin(), found.end(), same), found.end());
  }
  return rows_of(meaning, found, !by_key);
}

}  // namespace troupe::world
