#include "sim/rows/item_maker.hpp"

#include <spdlog/fmt/fmt.h>

#include "schema/number_text.hpp"
#include "sim/scenario/item_data.hpp"
#include "support/parse.hpp"

namespace troupe::sim {
namespace {

using schema::Scalar;

void add_price(std::size_t place, double price, RowValues& out) {
  std::string digits;
  schema::append_number(price, digits);
  out.add(place, Scalar::Kind::number, digits);
}

ValueMaker made_up(std::string_view column, std::size_t place) {
  if (column == "name") {
    return [place](const Making& making, RowValues& out) {
      std::array<char, 16> name;
      const auto end = fmt::format_to_n(name.data(), name.size(), "item {:08x}", making.rng() >> 32).out;
      out.add(place, Scalar::Kind::text, {name.data(), static_cast<std::size_t>(end - name.data())});
    };
  }
  if (column == "description") {
    return [place](const Making&, RowValues& out) {
      out.add(place, Scalar::Kind::text, "made by troupe simulate");
    };
  }
  if (column == "price") {
    return [place](const Making& making, RowValues& out) {
      add_price(place, static_cast<double>(1 + making.rng.below(99'999)) / 100, out);
    };
  }
  return [place](const Making& making, RowValues& out) { out.add_boolean(place, making.rng.below(4) != 0); };
}

ValueMaker from_data(std::string_view column, std::size_t place, std::size_t field) {
  if (column == "price") {
    return [=](const Making& making, RowValues& out) {
      add_price(place, parse_number((*making.data)[field]).value(), out);
    };
  }
  if (column == "in_stock") {
    return [=](const Making& making, RowValues& out) {
      out.add_boolean(place, (*making.data)[field] == "true");
    };
  }
  return [=, nullable = column == "description"](const Making& making, RowValues& out) {
    const auto& text = (*making.data)[field];
    text.empty() && nullable ? out.add_null(place) : out.add(place, Scalar::Kind::text, text);
  };
}

/// What an item is without a field in the data.
ValueMaker without_field(std::string_view column, std::size_t place) {
  if (column == "price") return [=](const Making&, RowValues& out) { add_price(place, 0, out); };
  if (column == "in_stock") return [=](const Making&, RowValues& out) { out.add_boolean(place, true); };
  return [=](const Making&, RowValues& out) { out.add_null(place); };
}

}  // namespace

std::vector<ValueMaker> item_values(const schema::Resource& items, const DataRows* data) {
  std::vector<ValueMaker> makers;
  const bool of_data = data != nullptr && data->column("name");
  for (const auto column : item_columns) {
    const auto place = items.find(column);
    if (!place) continue;
    const auto field = of_data ? data->column(column) : std::nullopt;
    makers.push_back(!of_data ? made_up(column, *place)
                     : field  ? from_data(column, *place, *field)
                              : without_field(column, *place));
  }
  return makers;
}

}  // namespace troupe::sim
