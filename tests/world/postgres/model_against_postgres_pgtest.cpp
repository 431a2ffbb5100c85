#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "helpers/row_statements.hpp"
#include "helpers/twin_databases.hpp"
#include "schema/element.hpp"
#include "support/random.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;
using actors::Command;
using actors::CommandKind;
using schema::Lookup;
using schema::TypeKind;

namespace {

/// Draws statements that meet each other often.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed, RandomStream::world_load) {}

  std::size_t below(std::size_t bound) { return random_.below(bound); }
  bool chance(double probability) { return random_.uniform() < probability; }

  SentValue value(const schema::Column& column) {
    if (chance(0.12)) return std::nullopt;
    return not_null(column);
  }
  SentValue not_null(const schema::Column& column) {
    switch (column.type.kind) {
      case TypeKind::boolean:
        return boolean(chance(0.5));
      case TypeKind::integer:
        if (chance(0.03)) return integer(chance(0.5) ? 3'000'000'000 : -40'000);
        return integer(static_cast<std::int64_t>(below(12)) - (chance(0.15) ? 8 : 0));
      case TypeKind::real:
        return real(static_cast<double>(below(8)) * 0.5 - (chance(0.2) ? 3 : 0));
      case TypeKind::uuid:
        return "0000000" + std::to_string(below(8)) + "-aaaa-4bbb-8ccc-00000000000d";
      default:
        if (chance(0.05)) return std::string("longer than five");
        if (chance(0.05)) return "\u00e9\u00e9\u00e9\u00e9";  // four characters, eight bytes
        if (chance(0.02)) return "a" + std::string(80, static_cast<char>('a' + below(3))) + "\u00e9";
        if (chance(0.02)) return "b\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9" + many_bytes();
        return std::string(1, static_cast<char>('a' + below(8))) + (chance(0.5) ? "x" : "");
    }
  }
  SentKey key(const schema::Resource& resource) {
    SentKey key;
    for (const auto place : resource.key) {
      const auto& column = resource.columns[place];
      const bool small = resource.key.size() > 1;
      key.push_back(small ? integer(static_cast<std::int64_t>(below(4))) : not_null(column));
    }
    return key;
  }
  SentValues values(const schema::Resource& resource, const std::vector<std::size_t>& places, double some) {
    SentValues values;
    for (const auto place : places) {
      const auto& column = resource.columns[place];
      if (resource.is_key(place)) {
        values[column.name] =
            resource.key.size() > 1 ? integer(static_cast<std::int64_t>(below(4))) : not_null(column);
      } else if (chance(some)) {
        values[column.name] = value(column);
      }
    }
    return values;
  }

  schema::ListQuery list(const schema::Resource& resource) {
    schema::ListQuery query;
    for (auto filters = below(3); filters > 0; --filters) query.filters.push_back(filter(resource));
    if (chance(0.5)) query.order.push_back({below(resource.columns.size()), chance(0.5)});
    for (const auto place : resource.key) {
      if (query.order.empty() || query.order.front().place != place)
        query.order.push_back({place, chance(0.3)});
    }
    if (chance(0.3)) query.fields = {below(resource.columns.size())};
    query.limit = static_cast<std::int64_t>(below(6));
    if (chance(0.3)) query.offset = static_cast<std::int64_t>(below(4));
    query.count = chance(0.3);
    if (chance(0.4)) query.after = after(resource, query);
    return query;
  }

 private:
  std::string after(const schema::Resource& resource, const schema::ListQuery& query) {
    std::string elements;
    for (const auto& term : query.order) {
      const auto& column = resource.columns[term.place];
      append(column.nullable ? value(column) : not_null(column), elements);
    }
    return elements;
  }
  schema::Filter filter(const schema::Resource& resource) {
    schema::Filter filter{below(resource.columns.size())};
    const auto& column = resource.columns[filter.place];
    const bool is_text = column.type.kind == TypeKind::text;
    if (chance(0.15)) {
      filter.lookup = Lookup::isnull;
      filter.count = 0;
      filter.wants_null = chance(0.5);
      return filter;
    }
    static const Lookup lookups[] = {Lookup::exact,     Lookup::ne,        Lookup::gt, Lookup::gte,
                                     Lookup::lt,        Lookup::lte,       Lookup::in, Lookup::contains,
                                     Lookup::icontains, Lookup::startswith};
    filter.lookup = lookups[below(is_text ? 10 : 7)];
    filter.count = filter.lookup == Lookup::in ? below(4) : 1;
    for (std::size_t i = 0; i < filter.count; ++i) append(not_null(column), filter.elements);
    return filter;
  }
  static void append(const SentValue& value, std::string& elements) {
    value ? schema::append_text_element(*value, elements) : schema::append_null_element(elements);
  }

  /// Some sixty, of characters of two bytes.
  std::string many_bytes() {
    std::string bytes;
    for (auto left = 22 + below(4); left > 0; --left) bytes += "\u00fc";
    return bytes;
  }

  Rng random_;
};

/// A statement as both are asked it: their rows have other versions.
struct Pair {
  Pair(SentStatement for_real, SentStatement for_model, CommandKind kind)
      : real(std::move(for_real)),
        modelled(std::move(for_model)),
        xmin(kind != CommandKind::list && kind != CommandKind::remove),
        ordered(kind == CommandKind::list || kind == CommandKind::create || kind == CommandKind::put) {}
  SentStatement real, modelled;
  bool xmin, ordered;
};

Pair pair_of(const std::vector<Command>& real, const std::vector<Command>& modelled) {
  return {statement_of(real), statement_of(modelled), real.front().kind};
}
Pair pair_of(const std::vector<Command>& both) {
  return pair_of(both, both);
}

/// Asks both the same.
class Comparison {
 public:
  Comparison(TwinDatabases& twins, std::uint64_t seed) : twins_(twins), draw_(seed) {}

  void next() { same(statement()); }
  /// Several statements, one transaction.
  void next_together() {
    std::vector<Pair> pairs;
    if (draw_.chance(0.5)) pairs.push_back(lock());
    for (auto count = 2 + draw_.below(3); count > 0; --count) pairs.push_back(statement());
    std::vector<SentStatement> real, modelled;
    std::string sql;
    for (const auto& pair : pairs) {
      real.push_back(pair.real);
      modelled.push_back(pair.modelled);
      sql += pair.real.statement.sql + "\n";
    }
    INFO(sql);
    const auto of_real = twins_.ask_real_together(real);
    const auto of_model = twins_.ask_model_together(modelled);
    for (std::size_t i = 0; i < pairs.size(); ++i) same_outcome(pairs[i], of_real[i], of_model[i]);
  }
  void all_rows() {
    for (const auto& resource : twins_.resources) {
      schema::ListQuery query;
      for (const auto place : resource->resource.key) query.order.push_back({place, false});
      same(list(resource, query));
    }
  }
  /// SQLSTATEs, and how often.
  const std::map<std::string, int>& states() const { return states_; }
  std::size_t rows() const { return rows_; }

 private:
  const postgres::SharedResource& some_table() {
    return twins_.resources[draw_.below(twins_.resources.size())];
  }
  Pair statement() {
    const auto& resource = some_table();
    const auto what = draw_.below(10);
    if (what < 2) return list(resource, draw_.list(resource->resource));
    if (what < 4) return pair_of({create_rows(resource, new_rows(resource))});
    if (what == 4) return read(resource);
    if (what == 5) return remove(resource);
    if (what == 6 && resource->resource.name != "people") return set(CommandKind::put, resource);
    return set(what < 9 ? CommandKind::change : CommandKind::replace, resource);
  }
  Pair lock() {
    const auto& resource = some_table();
    const auto sent = lock_of(resource, keys(resource));
    return {sent, sent, CommandKind::list};
  }
  std::vector<SentValues> new_rows(const postgres::SharedResource& resource) {
    std::vector<SentValues> rows(1 + draw_.below(3));
    for (auto& row : rows) row = draw_.values(resource->resource, resource->resource.insertable(), 0.8);
    return rows;
  }
  std::vector<SentKey> keys(const postgres::SharedResource& resource) {
    std::vector<SentKey> keys;
    for (auto wanted = 1 + draw_.below(3); wanted > 0; --wanted) {
      auto key = draw_.key(resource->resource);
      if (std::ranges::find(keys, key) == keys.end()) keys.push_back(std::move(key));
    }
    return keys;
  }
  Pair read(const postgres::SharedResource& resource) {
    std::vector<Command> reads;
    for (const auto& key : keys(resource)) reads.push_back(read_row(resource, key));
    if (draw_.chance(0.2)) reads.push_back(reads.front());
    return pair_of(reads);
  }
  Pair list(const postgres::SharedResource& resource, const schema::ListQuery& query) {
    twins_.model.server.know_list(resource, query);
    Command command{{}, CommandKind::list, 1, resource};
    command.query = std::make_shared<const schema::ListQuery>(query);
    return pair_of({command});
  }
  Pair remove(const postgres::SharedResource& resource) {
    std::vector<Command> real, modelled;
    for (const auto& key : keys(resource)) {
      const auto [of_real, of_model] = versions(resource, key);
      real.push_back(remove_row(resource, key, of_real));
      modelled.push_back(remove_row(resource, key, of_model));
    }
    return pair_of(real, modelled);
  }
  Pair set(CommandKind kind, const postgres::SharedResource& resource) {
    std::vector<Command> real, modelled;
    auto all = keys(resource);
    if (kind == CommandKind::put && draw_.chance(0.1)) all.push_back(all.front());
    for (const auto& key : all) {
      const auto [of_real, of_model] = versions(resource, key);
      const auto some = kind == CommandKind::change ? 0.5 : 0.8;
      const auto values = draw_.values(resource->resource, resource->resource.updatable(), some);
      real.push_back(set_row(kind, resource, key, values, of_real));
      modelled.push_back(set_row(kind, resource, key, values, of_model));
    }
    return pair_of(real, modelled);
  }
  /// The row's version of each, or another one.
  std::pair<SentValue, SentValue> versions(const postgres::SharedResource& resource, const SentKey& key) {
    if (draw_.chance(0.6)) return {};
    if (draw_.chance(0.3)) return {"3,4", "3,4"};
    const auto read = statement_of({read_row(resource, key)});
    const std::string before = draw_.chance(0.5) ? "3," : "";
    return {before + version_in(twins_.ask_real(read)), before + version_in(twins_.ask_model(read))};
  }

  void same(const Pair& pair) {
    INFO(pair.real.statement.sql);
    const auto of_real = twins_.ask_real(pair.real);
    same_outcome(pair, of_real, twins_.ask_model(pair.modelled));
  }
  void same_outcome(const Pair& pair, const TwinDatabases::Outcome& of_real,
                    const TwinDatabases::Outcome& of_model) {
    const auto rows = said(of_real, pair.xmin, pair.ordered);
    CHECK(said(of_model, pair.xmin, pair.ordered) == rows);
    if (const auto* error = std::get_if<postgres::StatementError>(&of_real)) {
      ++states_[error->sqlstate];
    } else {
      rows_ += rows.size();
    }
  }

  TwinDatabases& twins_;
  Draw draw_;
  std::map<std::string, int> states_;
  std::size_t rows_ = 0;
};

}  // namespace

TEST_CASE("a modelled PostgreSQL answers random statements as the real one does") {
  std::map<std::string, int> states;
  std::size_t rows = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    INFO("seed " << seed);
    TwinDatabases twins(seed);
    Comparison comparison(twins, seed);
    for (int i = 0; i < 500; ++i) comparison.next();
    comparison.all_rows();
    for (const auto& [state, count] : comparison.states()) states[state] += count;
    rows += comparison.rows();
  }
  // Otherwise it compared little.
  CHECK(rows > 1000);
  for (const auto* state : {"23505", "23514", "23502", "22003", "22001", "21000"}) {
    INFO(state);
    CHECK(states[state] > 0);
  }
}

TEST_CASE("a modelled transaction of random statements comes out as the real one does") {
  std::map<std::string, int> states;
  std::size_t rows = 0;
  for (std::uint64_t seed = 11; seed <= 14; ++seed) {
    INFO("seed " << seed);
    TwinDatabases twins(seed);
    Comparison comparison(twins, seed);
    for (int i = 0; i < 200; ++i) {
      comparison.next_together();
      if (i % 10 == 0) comparison.all_rows();
    }
    comparison.all_rows();
    for (const auto& [state, count] : comparison.states()) states[state] += count;
    rows += comparison.rows();
  }
  CHECK(rows > 1000);
  for (const auto* state : {"23505", "23514", "23502", "22001", "21000"}) {
    INFO(state);
    CHECK(states[state] > 0);
  }
}

TEST_CASE("of several constraints a modelled row is told the one that a real row is told") {
  TwinDatabases twins(1);
  const SentValue longer = "longer than five";
  const auto same = [&](const char* name, const SentValues& row) {
    const auto sent = statement_of({create_rows(twins.resource(name), {row})});
    const auto real = twins.ask_real(sent);
    CHECK(std::holds_alternative<postgres::StatementError>(real));
    CHECK(said(twins.ask_model(sent), false, true) == said(real, false, true));
  };
  same("words", {{"word", "a"}, {"count", integer(-9)}, {"other", integer(0)}});
  same("words", {{"word", "a"}, {"count", std::nullopt}, {"other", integer(0)}});
  same("people", {{"name", std::nullopt}, {"age", integer(-1)}});
  same("people", {{"name", std::nullopt}, {"age", integer(-1)}, {"note", longer}});
  same("devices", {{"id", std::nullopt}, {"label", std::nullopt}});
}
