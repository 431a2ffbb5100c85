#include "actors/database/batch_answers.hpp"

#include <algorithm>

#include "postgres/item_statements.hpp"

namespace troupe::actors {

namespace {

using postgres::Rows;
using Answer = std::function<void(Pending&, Outcome)>;

// Rows by id, whatever order PostgreSQL returned them in.
class RowsById {
 public:
  explicit RowsById(const Rows& rows) {
    rows_.reserve(static_cast<std::size_t>(rows.count()));
    for (int row = 0; row < rows.count(); ++row) rows_.emplace_back(rows.int8(row, 0), row);
    std::sort(rows_.begin(), rows_.end());
  }
  std::optional<int> find(std::int64_t id) const {
    auto found = std::lower_bound(rows_.begin(), rows_.end(), std::pair{id, 0});
    if (found == rows_.end() || found->first != id) return std::nullopt;
    return found->second;
  }

 private:
  std::vector<std::pair<std::int64_t, int>> rows_;
};

void answer_items_by_id(Batch& batch, const Rows& rows, const Answer& answer) {
  const RowsById by_id(rows);
  for (auto& pending : batch.commands) {
    const auto row = by_id.find(id_of(pending.command));
    answer(pending, row ? Outcome(postgres::item_at(rows, *row)) : Outcome(NotFound{}));
  }
}

void answer_deletes(Batch& batch, const Rows& rows, const Answer& answer) {
  const RowsById by_id(rows);
  std::optional<std::int64_t> last;
  for (auto& pending : batch.commands) {
    // The batch is sorted: of several deletes of one id the first one did it.
    const auto id = id_of(pending.command);
    answer(pending, by_id.find(id) && last != id ? Outcome(Done{}) : Outcome(NotFound{}));
    last = id;
  }
}

void answer_creates(Batch& batch, const Rows& rows, const Answer& answer) {
  int row = 0;
  for (auto& pending : batch.commands) {
    // A trigger may swallow rows: then nobody knows whose they were.
    const bool complete = static_cast<std::size_t>(rows.count()) == batch.commands.size();
    answer(pending, complete ? Outcome(postgres::item_at(rows, row++))
                             : Outcome(Failure{Failure::Kind::internal, true}));
  }
}

}  // namespace

void for_each_outcome(Batch& batch, const Rows& rows, const Answer& answer) {
  switch (batch.kind) {
    case BatchKind::read:
    case BatchKind::update:
      return answer_items_by_id(batch, rows, answer);
    case BatchKind::create:
      return answer_creates(batch, rows, answer);
    case BatchKind::delete_:
      return answer_deletes(batch, rows, answer);
    case BatchKind::list: {
      const auto page = postgres::page_of(rows, std::get<ListItems>(batch.commands.front().command).query);
      for (auto& pending : batch.commands) answer(pending, page);
      return;
    }
    case BatchKind::ping:
      for (auto& pending : batch.commands) answer(pending, Done{});
  }
}

}  // namespace troupe::actors
