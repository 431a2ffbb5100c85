#include "actors/database/batch_execution.hpp"

#include <algorithm>

namespace troupe::actors {

namespace {

using postgres::ItemStatements;
using postgres::Params;
using postgres::Rows;
using postgres::Statement;

std::int64_t id_of(const Pending& pending) {
  if (const auto* read = std::get_if<ReadItem>(&pending.command)) return read->id;
  if (const auto* update = std::get_if<UpdateItem>(&pending.command)) return update->id;
  return std::get<DeleteItem>(pending.command).id;
}

// Leaves the batch sorted by id and returns its ids, each once.
std::vector<std::int64_t> sorted_ids(Batch& batch) {
  std::stable_sort(batch.commands.begin(), batch.commands.end(),
                   [](const Pending& a, const Pending& b) { return id_of(a) < id_of(b); });
  std::vector<std::int64_t> ids;
  ids.reserve(batch.commands.size());
  for (const auto& pending : batch.commands) {
    if (ids.empty() || ids.back() != id_of(pending)) ids.push_back(id_of(pending));
  }
  return ids;
}

const Statement& read_statement(Batch& batch, const ItemStatements& statements, Params& params) {
  const auto ids = sorted_ids(batch);
  if (ids.size() == 1) {
    params.add_int8(ids.front());
    return statements.read_one();
  }
  params.add_int8_array(ids);
  return statements.read_many();
}

std::optional<std::string_view> view(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return std::string_view(*text);
}

const Statement& create_statement(Batch& batch, const ItemStatements& statements, Params& params) {
  if (batch.commands.size() == 1) {
    const auto& item = std::get<CreateItem>(batch.commands.front().command).item;
    params.add_text(item.name);
    item.description ? params.add_text(*item.description) : params.add_null(postgres::Oid::text);
    params.add_float8(item.price);
    params.add_bool(item.in_stock);
    return statements.create_one();
  }
  std::vector<std::optional<std::string_view>> names, descriptions;
  std::vector<std::optional<double>> prices;
  std::vector<std::optional<bool>> in_stocks;
  for (const auto& pending : batch.commands) {
    const auto& item = std::get<CreateItem>(pending.command).item;
    names.emplace_back(item.name);
    descriptions.push_back(view(item.description));
    prices.emplace_back(item.price);
    in_stocks.emplace_back(item.in_stock);
  }
  params.add_text_array(names);
  params.add_text_array(descriptions);
  params.add_float8_array(prices);
  params.add_bool_array(in_stocks);
  return statements.create_many();
}

const Statement& update_statement(Batch& batch, const ItemStatements& statements, Params& params) {
  const auto ids = sorted_ids(batch);
  std::vector<std::optional<std::string_view>> names, descriptions;
  std::vector<std::optional<double>> prices;
  std::vector<std::optional<bool>> set_descriptions, in_stocks;
  for (const auto& pending : batch.commands) {
    const auto& change = std::get<UpdateItem>(pending.command).change;
    names.push_back(view(change.name));
    set_descriptions.emplace_back(change.description.has_value());
    descriptions.push_back(change.description ? view(*change.description) : std::nullopt);
    prices.push_back(change.price);
    in_stocks.push_back(change.in_stock);
  }
  params.add_int8_array(ids);
  params.add_text_array(names);
  params.add_bool_array(set_descriptions);
  params.add_text_array(descriptions);
  params.add_float8_array(prices);
  params.add_bool_array(in_stocks);
  return statements.update_many();
}

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

using Answer = std::function<void(Pending&, Outcome)>;

void answer_items_by_id(Batch& batch, const Rows& rows, const Answer& answer) {
  const RowsById by_id(rows);
  for (auto& pending : batch.commands) {
    const auto row = by_id.find(id_of(pending));
    answer(pending, row ? Outcome(postgres::item_at(rows, *row)) : Outcome(NotFound{}));
  }
}

void answer_deletes(Batch& batch, const Rows& rows, const Answer& answer) {
  const RowsById by_id(rows);
  std::optional<std::int64_t> last;
  for (auto& pending : batch.commands) {
    // The batch is sorted: of several deletes of one id the first one did it.
    const auto id = id_of(pending);
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

const Statement& statement_for(Batch& batch, const ItemStatements& statements, Params& params,
                               Statement& scratch) {
  params.clear();
  switch (batch.kind) {
    case BatchKind::read:
      return read_statement(batch, statements, params);
    case BatchKind::create:
      return create_statement(batch, statements, params);
    case BatchKind::update:
      return update_statement(batch, statements, params);
    case BatchKind::delete_:
      params.add_int8_array(sorted_ids(batch));
      return statements.delete_many();
    case BatchKind::list:
      scratch = statements.list(std::get<ListItems>(batch.commands.front().command).query, params);
      return scratch;
    case BatchKind::ping:
      break;
  }
  return statements.ping();
}

std::chrono::milliseconds statement_timeout_for(const Batch& batch, TimePoint now,
                                                std::chrono::milliseconds request_timeout) {
  auto latest = TimePoint::min();
  for (const auto& pending : batch.commands) latest = std::max(latest, head_of(pending.command).deadline);
  const auto step = std::max(request_timeout / 10, std::chrono::milliseconds(1));
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(latest - now);
  const auto steps = (left + step - std::chrono::milliseconds(1)) / step;
  return std::clamp<std::int64_t>(steps, 1, request_timeout / step) * step;
}

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

Failure failure_for(const std::string& sqlstate) {
  const auto error_class = sqlstate.substr(0, 2);
  if (sqlstate == "57014" || sqlstate == "55P03")
    return {Failure::Kind::deadline_passed};  // canceled, lock timeout
  if (error_class == "22" || error_class == "23") return {Failure::Kind::rejected};
  // Connection trouble, transaction conflicts, resources, operator intervention: another try may succeed.
  if (error_class == "08" || error_class == "40" || error_class == "53" || error_class == "57" ||
      sqlstate == "25006") {
    return {Failure::Kind::database_away};
  }
  return {Failure::Kind::internal};
}

bool worth_running_alone(const Batch& batch, const std::string& sqlstate) {
  return batch.commands.size() > 1 && batch.kind != BatchKind::list && batch.kind != BatchKind::ping &&
         sqlstate != "57014";
}

}  // namespace troupe::actors
