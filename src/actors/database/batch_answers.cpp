#include "actors/database/batch_answers.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/database/list_answer.hpp"
#include "schema/element.hpp"

namespace troupe::actors {

namespace {

using postgres::Rows;
using Answer = std::function<void(Pending&, Outcome)>;
using SharedRows = std::shared_ptr<const Rows>;

constexpr int ordinal_column = 0;
constexpr int no_row = -1;

/// The row of each command, by the ordinal that came back with it.
std::vector<int> rows_by_command(const Batch& batch, const Rows& rows) {
  std::vector<int> found(batch.commands.size(), no_row);
  for (int row = 0; row < rows.count(); ++row) {
    const auto ordinal = static_cast<std::size_t>(rows.int8(row, ordinal_column));
    if (ordinal >= 1 && ordinal <= found.size()) found[ordinal - 1] = row;
  }
  return found;
}

/// The row of each read, by its key.
std::vector<int> rows_by_key(const Batch& batch, const Rows& rows) {
  const auto key = static_cast<int>(batch.first().resource->resource.key.front());
  std::vector<std::pair<std::int64_t, int>> by_key;
  by_key.reserve(static_cast<std::size_t>(rows.count()));
  for (int row = 0; row < rows.count(); ++row)
    by_key.emplace_back(schema::integer_of(rows.text(row, key)), row);
  std::ranges::sort(by_key);
  std::vector<int> found;
  found.reserve(batch.commands.size());
  for (const auto& pending : batch.commands) {
    std::string_view elements = pending.command.elements;
    const auto wanted = schema::integer_of(schema::take_element(elements).value_or(""));
    const auto row = std::ranges::lower_bound(by_key, wanted, {}, &std::pair<std::int64_t, int>::first);
    found.push_back(row == by_key.end() || row->first != wanted ? no_row : row->second);
  }
  return found;
}

void answer_with_rows(Batch& batch, const SharedRows& rows, const Answer& answer) {
  if (batch.kind() == CommandKind::read && batch.commands.size() == 1) {  // read_one, without an ordinal
    return answer(batch.commands.front(), rows->count() > 0 ? Outcome(RowAnswer{rows}) : Outcome(NotFound{}));
  }
  const bool by_key = batch.kind() == CommandKind::read && batch.first().resource->statements.reads_by_key();
  const auto found = by_key ? rows_by_key(batch, *rows) : rows_by_command(batch, *rows);
  for (std::size_t i = 0; i < found.size(); ++i) {
    auto outcome =
        found[i] == no_row ? Outcome(NotFound{}) : Outcome(RowAnswer{rows, found[i], 1, by_key ? 0 : 1});
    answer(batch.commands[i], std::move(outcome));
  }
}

void answer_removals(Batch& batch, const Rows& rows, const Answer& answer) {
  const auto found = rows_by_command(batch, rows);
  for (std::size_t i = 0; i < found.size(); ++i) {
    answer(batch.commands[i], found[i] == no_row ? Outcome(NotFound{}) : Outcome(Done{}));
  }
}

/// Rows that a trigger kept from being made are told to who is alone; of several nobody knows whose they
/// were.
Outcome missing_rows(const Batch& batch) {
  if (batch.commands.size() > 1) return Failure{Failure::Kind::internal, true};
  const Refusal refusal{"the database did not keep the row", {}, {}, true};
  return Failure{Failure::Kind::rejected, false, std::make_shared<const Refusal>(refusal)};
}

void answer_creates(Batch& batch, const SharedRows& rows, const Answer& answer) {
  const bool put = batch.kind() == CommandKind::put;
  const bool complete = static_cast<std::size_t>(rows->count()) == batch.rows();
  int row = 0;
  for (auto& pending : batch.commands) {
    if (!complete && (batch.commands.size() > 1 || rows->count() == 0)) {
      answer(pending, missing_rows(batch));
      continue;
    }
    const auto count = complete ? static_cast<int>(pending.command.rows) : rows->count();
    const bool made = put && !rows->is_null(row, 0) && rows->boolean(row, 0);
    answer(pending, RowAnswer{rows, row, count, put ? 1 : 0, made});
    row += count;
  }
}

/// Do the calls' numbers, in front of the rows, come in order?
bool in_order_of_calls(const Rows& rows) {
  for (int row = 1; row < rows.count(); ++row) {
    if (rows.int8(row, ordinal_column) < rows.int8(row - 1, ordinal_column)) return false;
  }
  return true;
}

/// With many calls each row has its call's number in front.
void answer_calls(Batch& batch, const SharedRows& rows, const Answer& answer) {
  if (batch.first().called->query.rows.columns.empty()) {
    for (auto& pending : batch.commands) answer(pending, Done{});
    return;
  }
  const bool one = batch.is_one_call();
  if (!one && !in_order_of_calls(*rows)) {  // may_have_lost_its_row: each is called alone then
    for (auto& pending : batch.commands) answer(pending, NotFound{});
    return;
  }
  int row = 0;
  for (std::size_t i = 0; i < batch.commands.size(); ++i) {
    if (one) row = 0;
    const auto first = row;
    const auto is_his = [&] {
      return one || rows->int8(row, ordinal_column) == static_cast<std::int64_t>(i) + 1;
    };
    while (row < rows->count() && is_his()) ++row;
    answer(batch.commands[i], RowAnswer{rows, first, row - first, one ? 0 : 1});
  }
}

}  // namespace

void for_each_outcome(Batch& batch, Rows rows, const Answer& answer) {
  if (batch.kind() == CommandKind::list) {
    const auto page = std::make_shared<const ListAnswer>(batch.first().resource, batch.first().query,
                                                         std::move(*batch.list), std::move(rows));
    for (auto& pending : batch.commands) answer(pending, page);
    return;
  }
  if (batch.kind() == CommandKind::remove) return answer_removals(batch, rows, answer);
  if (batch.kind() == CommandKind::ping) {
    for (auto& pending : batch.commands) answer(pending, Done{});
    return;
  }
  const auto shared = std::make_shared<const Rows>(std::move(rows));
  if (batch.first().called != nullptr) return answer_calls(batch, shared, answer);
  if (batch.kind() == CommandKind::create || batch.kind() == CommandKind::put)
    return answer_creates(batch, shared, answer);
  answer_with_rows(batch, shared, answer);
}

bool may_have_lost_its_row(const Batch& batch) {
  if (batch.commands.size() == 1) return false;
  if (batch.kind() == CommandKind::call) return true;
  if (batch.kind() != CommandKind::change && batch.kind() != CommandKind::replace) return false;
  return !tells_rows_by_bytes(batch.first().resource->resource);
}

}  // namespace troupe::actors
