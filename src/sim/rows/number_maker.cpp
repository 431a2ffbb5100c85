#include "sim/rows/number_maker.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/parse.hpp"

namespace troupe::sim {
namespace {

using schema::Column;
using schema::TypeKind;

constexpr double least_usual = 1, most_usual = 100;
constexpr int usual_places = 2;
// Counted in units of the last place; beyond them a double is no longer exact.
constexpr double most_units = 9e15;

/// Numbers of so many places behind the point, as whole numbers of the last place's unit.
struct Grid {
  int places = 0;  ///< negative: so many zeros at the end
  std::int64_t low = 0, high = 0;
};

double power_of_ten(int exponent) {
  return std::pow(10.0, exponent);
}

int places_of(const Column& column) {
  if (column.type.kind == TypeKind::integer) return 0;
  if (column.type.kind == TypeKind::real || !column.type.precision) return usual_places;
  // numeric(2,4) has two digits behind two zeros.
  const bool small = column.type.scale >= *column.type.precision;
  return small ? column.type.scale : std::min(column.type.scale, usual_places);
}

/// What the type itself holds.
double most_of_type(const Column& column, int places) {
  if (column.type.kind == TypeKind::integer)
    return column.type.bits == 16 ? 32'767 : column.type.bits == 32 ? 2'147'483'647 : most_units;
  if (column.type.kind == TypeKind::real) return column.type.bits == 32 ? 100'000 : 1e12;
  if (!column.type.precision) return 1e12;
  const double most = power_of_ten(*column.type.precision - column.type.scale) - power_of_ten(-places);
  return std::min(most, 1e12);
}

Result<Grid> grid_of(const Column& column, bool unique) {
  Grid grid{places_of(column)};
  const auto bound = [](const std::optional<std::string>& text) -> std::optional<double> {
    if (!text) return std::nullopt;
    return parse_number(*text).value();
  };
  const auto most = most_of_type(column, grid.places);
  const auto min = bound(column.rules.min), max = bound(column.rules.max);
  const double span = unique ? most : most_usual - least_usual;
  double low = min ? *min : std::min(least_usual, most);
  if (!min && max && *max < low) low = *max - span;
  double high = max ? *max : low + span;
  low = std::max(low, -most);
  high = std::min(high, most);
  const double unit = power_of_ten(grid.places);
  const double first = std::ceil(low * unit - 1e-6), last = std::floor(high * unit + 1e-6);
  if (first > last || std::abs(first) > most_units || std::abs(last) > most_units) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("no numbers are made up between its bounds {} and {}",
                             column.rules.min.value_or("-"), column.rules.max.value_or("-"))};
  }
  grid.low = static_cast<std::int64_t>(first);
  grid.high = static_cast<std::int64_t>(last);
  return grid;
}

void append_units(std::int64_t units, int places, std::string& out) {
  if (places <= 0) {
    out += std::to_string(units);
    if (units != 0) out.append(static_cast<std::size_t>(-places), '0');
    return;
  }
  if (units < 0) out += '-';
  auto digits = std::to_string(units < 0 ? -units : units);
  const auto behind = static_cast<std::size_t>(places);
  if (digits.size() <= behind) digits.insert(0, behind + 1 - digits.size(), '0');
  out.append(digits, 0, digits.size() - behind);
  out += '.';
  out.append(digits, digits.size() - behind);
}

}  // namespace

Result<std::function<void(const Making&, std::string&)>> number_maker(
    const Column& column, const std::optional<UniqueStart>& unique) {
  const auto grid = grid_of(column, unique.has_value());
  if (!grid) return grid.error();
  const auto count = static_cast<std::uint64_t>(grid->high - grid->low) + 1;
  std::uint64_t begin = 0;  // behind the greatest that is there, which is a whole number
  if (unique && grid->places >= 0) {
    const auto after = static_cast<double>(unique->number) * power_of_ten(grid->places);
    if (after > static_cast<double>(grid->low) && after <= static_cast<double>(grid->high))
      begin = static_cast<std::uint64_t>(after - static_cast<double>(grid->low));
  }
  return std::function<void(const Making&, std::string&)>(
      [grid = *grid, count, begin, unique = unique.has_value()](const Making& making, std::string& out) {
        const auto step = unique ? (begin + making.serial) % count : making.rng.below(count);
        append_units(grid.low + static_cast<std::int64_t>(step), grid.places, out);
      });
}

}  // namespace troupe::sim
