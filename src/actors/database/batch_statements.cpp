#include "actors/database/batch_statements.hpp"

#include <algorithm>

namespace troupe::actors {

namespace {

using postgres::ItemStatements;
using postgres::Params;
using postgres::Statement;

// Leaves the batch sorted by id and returns its ids, each once.
std::vector<std::int64_t> sorted_ids(Batch& batch) {
  std::stable_sort(batch.commands.begin(), batch.commands.end(),
                   [](const Pending& a, const Pending& b) { return id_of(a.command) < id_of(b.command); });
  std::vector<std::int64_t> ids;
  ids.reserve(batch.commands.size());
  for (const auto& pending : batch.commands) {
    if (ids.empty() || ids.back() != id_of(pending.command)) ids.push_back(id_of(pending.command));
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

}  // namespace troupe::actors
