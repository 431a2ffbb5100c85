#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

#include "postgres/catalogue/served_resource.hpp"
#include "postgres/wire/pipeline.hpp"
#include "schema/list_query.hpp"
#include "schema/masks.hpp"
#include "world/postgres/list_plan.hpp"
#include "world/postgres/table.hpp"

namespace troupe::world {

enum class Act : std::uint8_t {
  read_one,
  read,
  list,
  create,
  change,
  replace,
  put,
  remove,
  lock,
  ping,
  set_timeouts,
  begin_read_only,
  commit,
  nothing,  ///< what changes nothing that is modelled
};

/// Does it write rows, or lock them?
bool is_write(Act act);
/// INSERT, UPDATE, DELETE or a SELECT that locks, as PostgreSQL's messages have it.
const char* word_of(Act act);

/// What a statement asks for.
struct Meaning {
  Act act = Act::nothing;
  postgres::SharedResource resource{};  ///< of a table's
  Table* table = nullptr;
  std::optional<schema::Masks> named{};  ///< of change_named and create_named
  std::optional<ListPlan> list{};
};

/// The statements that a server understands, by their SQL.
class Repertoire {
 public:
  Repertoire();

  void add(const postgres::SharedResource& resource, Table& table);
  void add_list(const postgres::SharedResource& resource, Table& table, const schema::ListQuery& query);
  /// An invariant is broken when it is not known. Valid as long as this object.
  const Meaning& meaning_of(const postgres::Statement& statement);

 private:
  const Meaning* find_named(const postgres::Statement& statement);

  std::unordered_map<std::string, Meaning> known_;  ///< by SQL
  std::deque<Meaning> resources_;                   ///< resource and table of each
};

}  // namespace troupe::world
