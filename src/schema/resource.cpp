#include "schema/resource.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace troupe::schema {

std::optional<std::size_t> Resource::find(std::string_view column) const {
  if (lengths_.empty()) {  // not finished: nobody is in a hurry
    const auto found = std::ranges::find(columns, column, &Column::name);
    if (found == columns.end()) return std::nullopt;
    return static_cast<std::size_t>(found - columns.begin());
  }
  // Whoever chooses the names of a body cannot make this slow: it is a search among the columns of that
  // length.
  if (column.size() + 1 >= lengths_.size()) return std::nullopt;
  const auto first = by_name_.begin() + static_cast<std::ptrdiff_t>(lengths_[column.size()]);
  const auto last = by_name_.begin() + static_cast<std::ptrdiff_t>(lengths_[column.size() + 1]);
  const auto name_of = [&](std::size_t place) -> std::string_view { return columns[place].name; };
  const auto found = std::ranges::lower_bound(first, last, column, {}, name_of);
  if (found == last || name_of(*found) != column) return std::nullopt;
  return *found;
}

bool Resource::is_key(std::size_t place) const {
  return std::ranges::find(key, place) != key.end();
}

void Resource::finish() {
  insertable_.clear();
  updatable_.clear();
  for (std::size_t place = 0; place < columns.size(); ++place) {
    finish_column(columns[place]);
    if (!columns[place].writable) continue;
    insertable_.push_back(place);
    if (!is_key(place)) updatable_.push_back(place);
  }
  by_name_.resize(columns.size());
  std::iota(by_name_.begin(), by_name_.end(), std::size_t{0});
  std::ranges::sort(by_name_, {}, [&](std::size_t place) {
    return std::tuple(columns[place].name.size(), std::string_view(columns[place].name));
  });
  const std::size_t longest = columns.empty() ? 0 : columns[by_name_.back()].name.size();
  lengths_.assign(longest + 2, columns.size());
  for (std::size_t at = columns.size(); at-- > 0;) {
    const std::size_t length = columns[by_name_[at]].name.size();
    std::fill_n(lengths_.begin(), length + 1, at);
  }
}

}  // namespace troupe::schema
