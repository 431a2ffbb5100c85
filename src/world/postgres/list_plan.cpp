#include "world/postgres/list_plan.hpp"

#include <algorithm>
#include <cctype>
#include <compare>
#include <string_view>
#include <utility>

#include "postgres/wire/rows_builder.hpp"
#include "schema/element.hpp"
#include "world/postgres/values.hpp"

namespace troupe::world {
namespace {

using schema::Column;
using schema::Filter;
using schema::Lookup;
using schema::Resource;

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

/// LIKE, of patterns as our lists make them: '%' at their ends, and '\' before what stands for itself.
bool is_like(std::string_view text, std::string_view pattern, bool any_case) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '%') {
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (is_like(text.substr(i), pattern.substr(1), any_case)) return true;
    }
    return false;
  }
  if (pattern.front() == '\\') pattern.remove_prefix(1);
  if (text.empty() || pattern.empty()) return false;
  const bool same =
      any_case ? lower(text.front()) == lower(pattern.front()) : text.front() == pattern.front();
  return same && is_like(text.substr(1), pattern.substr(1), any_case);
}

bool compares(Lookup lookup, std::strong_ordering order) {
  switch (lookup) {
    case Lookup::ne:
      return order != 0;
    case Lookup::gt:
      return order > 0;
    case Lookup::gte:
      return order >= 0;
    case Lookup::lt:
      return order < 0;
    case Lookup::lte:
      return order <= 0;
    default:
      return order == 0;
  }
}

/// A condition with its parameter, of a value that is not null.
bool holds(const Column& column, const Filter& filter, const std::string& value,
           const postgres::Params& params, std::size_t param) {
  switch (filter.lookup) {
    case Lookup::in:
      return std::ranges::any_of(array_of(params, param),
                                 [&](const Cell& one) { return one && compare(column, value, *one) == 0; });
    case Lookup::contains:
    case Lookup::startswith:
    case Lookup::icontains:
      return is_like(value, param_of(params, param).value_or(""), filter.lookup == Lookup::icontains);
    default: {
      const auto operand = param_of(params, param);
      return operand && compares(filter.lookup, compare(column, value, *operand));
    }
  }
}

void set_row(postgres::RowsBuilder& rows, int row, int first, const std::vector<std::size_t>& shown,
             const Cells* cells) {
  for (std::size_t i = 0; i < shown.size(); ++i)
    rows.set(row, first + static_cast<int>(i), cells == nullptr ? Cell() : (*cells)[shown[i]]);
}

}  // namespace

ListPlan::ListPlan(const schema::ListQuery& query, std::vector<std::size_t> shown)
    : query_(query), shown_(std::move(shown)) {
  for (const auto& filter : query_.filters) filter_params_ += filter.lookup == Lookup::isnull ? 0 : 1;
  if (!query_.after) return;
  for (std::string_view elements = *query_.after; !elements.empty();)
    after_nulls_.push_back(!schema::take_element(elements).has_value());
}

bool ListPlan::matches(const Resource& resource, const Cells& row, const postgres::Params& params) const {
  std::size_t param = 0;
  for (const auto& filter : query_.filters) {
    const auto& value = row[filter.place];
    if (filter.lookup == Lookup::isnull) {
      if (filter.wants_null == value.has_value()) return false;
    } else if (!value || !holds(resource.columns[filter.place], filter, *value, params, param++)) {
      return false;
    }
  }
  return true;
}

bool ListPlan::is_behind(const Resource& resource, const Cells& row, const postgres::Params& params) const {
  auto param = filter_params_;
  for (std::size_t i = 0; i < after_nulls_.size(); ++i) {
    const auto& term = query_.order[i];
    const auto& value = row[term.place];
    if (after_nulls_[i]) {
      if (!value) continue;
      return term.descending;
    }
    const auto other = param_of(params, param++);
    if (!value) return !term.descending;
    const auto order = compare(resource.columns[term.place], *value, other.value_or(""));
    if (order != 0) return term.descending ? order < 0 : order > 0;
  }
  return false;
}

// Nulls are greater than any value.
void ListPlan::sort(const Resource& resource, std::vector<const Cells*>& rows) const {
  std::ranges::stable_sort(rows, [&](const Cells* left, const Cells* right) {
    for (const auto& term : query_.order) {
      const auto& a = (*left)[term.place];
      const auto& b = (*right)[term.place];
      const auto order =
          a && b ? compare(resource.columns[term.place], *a, *b) : b.has_value() <=> a.has_value();
      if (order != 0) return term.descending ? order > 0 : order < 0;
    }
    return false;
  });
}

postgres::Rows ListPlan::run(const Table& table, const postgres::Params& params,
                             const Transaction* reader) const {
  const auto& resource = table.resource();
  std::vector<std::pair<std::uint64_t, const Cells*>> scanned;
  for (const auto& [_, slot] : table.slots()) {
    const auto& version = slot.seen_by(reader);
    if (version && matches(resource, version->cells, params))
      scanned.emplace_back(version->place, &version->cells);
  }
  std::ranges::sort(scanned);
  const auto total = scanned.size();
  std::vector<const Cells*> rows;
  for (const auto& [_, cells] : scanned) {
    if (!query_.after || is_behind(resource, *cells, params)) rows.push_back(cells);
  }
  sort(resource, rows);

  const auto limit = schema::integer_of(param_of(params, params.size() - 2).value_or(""));
  const auto offset = schema::integer_of(param_of(params, params.size() - 1).value_or(""));
  const auto begin = std::min(static_cast<std::size_t>(offset), rows.size());
  const auto count = std::min(static_cast<std::size_t>(limit), rows.size() - begin);
  const int first = query_.count ? 2 : 0;
  postgres::RowsBuilder built(first + static_cast<int>(shown_.size()));
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = static_cast<int>(i);
    if (query_.count) {
      built.set(row, 0, schema::wire_integer(static_cast<std::int64_t>(total)));
      built.set(row, 1, schema::wire_integer(static_cast<std::int64_t>(begin + i + 1)));
    }
    set_row(built, row, first, shown_, rows[begin + i]);
  }
  if (query_.count && count == 0) {
    built.set(0, 0, schema::wire_integer(static_cast<std::int64_t>(total)));
    built.set(0, 1, std::nullopt);
    set_row(built, 0, first, shown_, nullptr);
  }
  return built.take();
}

}  // namespace troupe::world
