#include "world/judge/judge_reads.hpp"

#include <algorithm>
#include <vector>

namespace troupe::world {
namespace {

bool was_there(const Timeline& timeline, const Exchange& exchange, const Row& row) {
  const auto& states = timeline.row(exchange.asked.table, exchange.asked.key);
  return std::ranges::any_of(states, [&](const RowState& state) {
    return state.within(exchange.asked.sent, exchange.answered.at) && state.row == row;
  });
}

std::string fault_of_row(const Timeline& timeline, const Exchange& exchange) {
  const auto row = row_of_json(exchange.answered.body);
  if (!row) return "the answer is no row";
  if (row->id != exchange.asked.key) return "the answer is another row";
  return was_there(timeline, exchange, *row) ? "" : "the row was never like this meanwhile";
}

bool comes_before(const Row& a, const Row& b, bool numbers) {
  return numbers ? std::stoll(a.id) < std::stoll(b.id) : a.id < b.id;
}

/// What a row was at a moment; at the moment of a change itself, before or after it.
const RowState& state_at(const std::vector<RowState>& states, TimePoint moment) {
  const auto later = std::ranges::upper_bound(states, moment, {}, &RowState::from);
  return *std::prev(later);
}

std::vector<Row> list_at(const WorldTable& table, const Timeline& timeline, const Asked& asked,
                         TimePoint moment) {
  std::vector<Row> rows;
  for (const auto& [key, states] : timeline.rows(asked.table)) {
    const auto& row = state_at(states, moment).row;
    if (row && (!asked.list_slot || row->slot == asked.list_slot)) rows.push_back(*row);
  }
  const bool numbers = table.has_number_keys();
  std::ranges::sort(rows, [&](const Row& a, const Row& b) { return comes_before(a, b, numbers); });
  if (rows.size() > asked.list_limit) rows.resize(asked.list_limit);
  return rows;
}

std::string fault_of_list(const WorldTable& table, const Timeline& timeline, const Exchange& exchange) {
  const auto rows = rows_of_json(exchange.answered.body);
  if (!rows) return "the answer is no list of rows";
  const auto& asked = exchange.asked;
  // Between two changes the table stays as it is: looking at each of them is looking at every moment.
  for (const auto moment : timeline.moments(asked.table, asked.sent, exchange.answered.at)) {
    if (list_at(table, timeline, asked, moment) == *rows) return {};
  }
  return "the table was never like this list meanwhile";
}

}  // namespace

bool was_absent(const Timeline& timeline, const Exchange& exchange) {
  const auto& states = timeline.row(exchange.asked.table, exchange.asked.key);
  return std::ranges::any_of(states, [&](const RowState& state) {
    return state.within(exchange.asked.sent, exchange.answered.at) && !state.row;
  });
}

std::string fault_of_read(const WorldTable& table, const Timeline& timeline, const Exchange& exchange) {
  switch (exchange.answered.status) {
    case 200:
      return exchange.asked.deed == Deed::list ? fault_of_list(table, timeline, exchange)
                                               : fault_of_row(timeline, exchange);
    case 404:
      if (exchange.asked.deed == Deed::list) return "a list was not found";
      return was_absent(timeline, exchange) ? "" : "the row was there all the time";
    case 0:
    case 408:
    case 503:
      return {};
    default:
      return "no read is answered so";
  }
}

}  // namespace troupe::world
