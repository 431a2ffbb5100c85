#include "world/postgres/repertoire.hpp"

#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "postgres/catalogue/list_statement.hpp"
#include "postgres/session_statements.hpp"
#include "support/invariant.hpp"

namespace troupe::world {
namespace {

/// The masks at the end of a name as change_named and create_named make it: "r0v1_change_3_1f".
std::optional<schema::Masks> masks_in(std::string_view name, std::string_view operation,
                                      std::size_t columns) {
  const auto at = name.rfind(operation);
  if (at == std::string_view::npos) return std::nullopt;
  schema::Masks masks(columns);
  auto rest = name.substr(at + operation.size());
  for (std::size_t word = 0; word < masks.words().size(); ++word) {
    if (!rest.starts_with('_')) return std::nullopt;
    std::uint64_t bits = 0;
    const auto* const end = rest.data() + rest.size();
    const auto read = std::from_chars(rest.data() + 1, end, bits, 16);
    if (read.ec != std::errc()) return std::nullopt;
    for (std::size_t bit = 0; bit < schema::Masks::columns_per_word; ++bit) {
      const auto column = word * schema::Masks::columns_per_word + bit;
      if ((bits >> bit & 1) != 0 && column < columns) masks.add(column);
    }
    rest = rest.substr(static_cast<std::size_t>(read.ptr - rest.data()));
  }
  if (!rest.empty()) return std::nullopt;
  return masks;
}

}  // namespace

bool is_write(Act act) {
  return act == Act::create || act == Act::change || act == Act::replace || act == Act::put ||
         act == Act::remove || act == Act::lock;
}

const char* word_of(Act act) {
  if (act == Act::lock) return "SELECT FOR NO KEY UPDATE";
  if (act == Act::remove) return "DELETE";
  return act == Act::change || act == Act::replace ? "UPDATE" : "INSERT";
}

Repertoire::Repertoire() {
  known_[postgres::ping_statement().sql].act = Act::ping;
  known_[postgres::set_timeouts_statement().sql].act = Act::set_timeouts;
  known_[postgres::set_forms_statement().sql].act = Act::nothing;
  known_[postgres::discard_plans_statement().sql].act = Act::nothing;
  known_[postgres::begin_read_only_statement().sql].act = Act::begin_read_only;
  known_[postgres::commit_statement().sql].act = Act::commit;
}

void Repertoire::add(const postgres::SharedResource& resource, Table& table) {
  const auto& statements = resource->statements;
  const auto know = [&](Act act, const postgres::BatchStatement& statement) {
    if (!statement.statement.sql.empty())
      known_.insert_or_assign(statement.statement.sql, Meaning{act, resource, &table});
  };
  know(Act::read_one, statements.read_one());
  know(Act::read, statements.read());
  know(Act::create, statements.create());
  know(Act::change, statements.change());
  know(Act::replace, statements.replace());
  know(Act::put, statements.put());
  know(Act::remove, statements.remove());
  know(Act::lock, statements.lock());
  resources_.push_back({Act::nothing, resource, &table});
}

void Repertoire::add_list(const postgres::SharedResource& resource, Table& table,
                          const schema::ListQuery& query) {
  postgres::Params params;
  auto list = postgres::list_statement(resource->resource, query, params);
  Meaning meaning{Act::list, resource, &table};
  meaning.list.emplace(query, std::move(list.shown));
  known_.insert_or_assign(list.statement.sql, std::move(meaning));
}

const Meaning& Repertoire::meaning_of(const postgres::Statement& statement) {
  if (const auto found = known_.find(statement.sql); found != known_.end()) return found->second;
  const auto* named = find_named(statement);
  TROUPE_INVARIANT(named != nullptr,
                   ("the modelled PostgreSQL does not know this statement: " + statement.sql).c_str());
  return *named;
}

const Meaning* Repertoire::find_named(const postgres::Statement& statement) {
  for (const auto& known : resources_) {
    const auto& resource = known.resource->resource;
    const auto& statements = known.resource->statements;
    auto meaning = known;
    if (auto change = masks_in(statement.name, "_change", resource.updatable().size());
        change && statements.change_named(*change).sql == statement.sql) {
      meaning.act = Act::change;
      meaning.named = std::move(change);
    } else if (auto create = masks_in(statement.name, "_create", resource.insertable().size());
               create && statements.create_named(*create).sql == statement.sql) {
      meaning.act = Act::create;
      meaning.named = std::move(create);
    } else {
      continue;
    }
    return &known_.insert_or_assign(statement.sql, std::move(meaning)).first->second;
  }
  return nullptr;
}

}  // namespace troupe::world
