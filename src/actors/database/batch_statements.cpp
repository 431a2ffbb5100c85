#include "actors/database/batch_statements.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "postgres/catalogue/resource_statements.hpp"
#include "postgres/session_statements.hpp"
#include "schema/element.hpp"
#include "schema/masks.hpp"

namespace troupe::actors {

namespace {

using postgres::BatchStatement;
using postgres::Params;
using postgres::Statement;

/// An array for each parameter: the elements of all rows, which are copied as they are. `places`: of each
/// row's first element.
void add_arrays(std::vector<const char*>& places, const BatchStatement& statement, Params& params) {
  for (const auto form : statement.params) {
    std::size_t bytes = 0;
    for (const char* place : places) bytes += schema::element_size(place);
    char* out = params.add_array(postgres::array_oid_of(form), postgres::oid_of(form), places.size(), bytes);
    for (const char*& place : places) {
      const auto size = schema::element_size(place);
      std::memcpy(out, place, size);
      out += size;
      place += size;
    }
  }
}

/// A parameter for each element of a single row, which is taken off `elements`.
void add_row(std::string_view& elements, const BatchStatement& statement, Params& params) {
  for (const auto form : statement.params) {
    const auto value = schema::take_element(elements);
    const auto oid = postgres::oid_of(form);
    value ? params.add_binary(oid, *value) : params.add_null(oid);
  }
}

void add_rows(const Batch& batch, const BatchStatement& statement, Params& params) {
  std::vector<const char*> places;  // of each row's next element
  places.reserve(batch.rows());
  for (const auto& pending : batch.commands) {
    const char* place = pending.command.elements.data();
    places.push_back(place);
    for (std::uint32_t row = 1; row < pending.command.rows; ++row) {
      for (std::size_t i = 0; i < statement.params.size(); ++i) place += schema::element_size(place);
      places.push_back(place);
    }
  }
  add_arrays(places, statement, params);
}

void sort_by_key(Batch& batch) {
  if (batch.commands.size() == 1) return;
  std::ranges::stable_sort(batch.commands, {},
                           [](const Pending& pending) { return key_of(pending.command); });
}

schema::Masks masks_of_change(const Command& change) {
  auto elements = masks_of(change);
  return schema::Masks::take(change.resource->resource.updatable().size(), elements);
}

/// Columns that any row of the create has.
schema::Masks masks_of_create(const Command& create) {
  const auto columns = create.resource->resource.insertable().size();
  schema::Masks all(columns);
  std::string_view elements = create.elements;
  for (std::uint32_t row = 0; row < create.rows; ++row) {
    all.add(schema::Masks::take(columns, elements));
    for (std::size_t i = 0; i < columns; ++i) schema::take_element(elements);
  }
  return all;
}

const BatchStatement& ready_statement(const Batch& batch) {
  const auto& statements = batch.first().resource->statements;
  switch (batch.kind()) {
    case CommandKind::create:
      return statements.create();
    case CommandKind::change:
      return statements.change();
    case CommandKind::replace:
      return statements.replace();
    case CommandKind::put:
      return statements.put();
    case CommandKind::remove:
      return statements.remove();
    default:
      return statements.read();
  }
}

/// A call that is alone, or whose neighbours are the same one, names its parameters without arrays.
const Statement& statement_of_calls(const Batch& batch, Params& params) {
  const auto& called = *batch.first().called;
  if (batch.is_one_call()) {
    std::string_view elements = batch.first().elements;
    for (const auto& earlier : called.before) {
      for (std::size_t i = 0; i < earlier.params.size(); ++i) schema::take_element(elements);
    }
    add_row(elements, called.one, params);
    return called.one.statement;
  }
  add_rows(batch, called.many, params);
  return called.many.statement;
}

}  // namespace

Result<void> send_earlier_statements(const Batch& batch, DatabaseSession& session, Params& params,
                                     std::uint64_t tag) {
  if (batch.first().called == nullptr) return {};
  std::string_view elements = batch.first().elements;
  for (const auto& earlier : batch.first().called->before) {
    params.clear();
    add_row(elements, earlier, params);
    if (auto sent = session.send(earlier.statement, params, tag, postgres::Then::go_on); !sent) return sent;
  }
  return {};
}

const Statement& lock_for(std::span<Batch* const> batches, Params& params) {
  std::vector<std::string_view> keys;
  for (const auto* batch : batches) {
    for (const auto& pending : batch->commands) keys.push_back(key_of(pending.command));
  }
  std::ranges::sort(keys);
  std::vector<const char*> places;
  places.reserve(keys.size());
  for (const auto key : keys) places.push_back(key.data());
  params.clear();
  const auto& lock = batches.front()->first().resource->statements.lock();
  add_arrays(places, lock, params);
  return lock.statement;
}

const Statement& statement_for(Batch& batch, Params& params, Statement& scratch) {
  params.clear();
  if (batch.kind() == CommandKind::ping) return postgres::ping_statement();
  if (batch.first().called != nullptr) return statement_of_calls(batch, params);
  const auto& resource = *batch.first().resource;
  if (batch.kind() == CommandKind::list) {
    batch.list = postgres::list_statement(resource.resource, *batch.first().query, params);
    return batch.list->statement;
  }
  if (batch.kind() == CommandKind::read && batch.commands.size() == 1) {
    const auto& statement = resource.statements.read_one();
    std::string_view elements = batch.first().elements;
    add_row(elements, statement, params);
    return statement.statement;
  }
  if (batch.kind() != CommandKind::create && batch.kind() != CommandKind::read) sort_by_key(batch);
  const auto& statement = ready_statement(batch);
  add_rows(batch, statement, params);
  if (batch.kind() == CommandKind::change && resource.resource.update_named_only) {
    scratch = resource.statements.change_named(masks_of_change(batch.first()));
    return scratch;
  }
  if (batch.kind() == CommandKind::create && resource.resource.view) {
    scratch = resource.statements.create_named(masks_of_create(batch.first()));
    return scratch;
  }
  return statement.statement;
}

std::chrono::milliseconds StatementTimeouts::of(CommandKind kind) const {
  const auto own = is_write(kind) ? write : may_be_long(kind) ? list : read;
  return own.count() != 0 ? own : std::chrono::milliseconds::max();
}

std::chrono::milliseconds statement_timeout_for(std::span<Batch* const> transaction, TimePoint now,
                                                std::chrono::milliseconds request_timeout) {
  auto latest = TimePoint::min();
  for (const auto* batch : transaction) {
    for (const auto& pending : batch->commands) latest = std::max(latest, pending.command.head.deadline);
  }
  const auto step = std::max(request_timeout / 10, std::chrono::milliseconds(1));
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(latest - now);
  const auto steps = (left + step - std::chrono::milliseconds(1)) / step;
  return std::max<std::int64_t>(steps, 1) * step;
}

}  // namespace troupe::actors
