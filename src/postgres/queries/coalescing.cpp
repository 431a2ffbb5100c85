#include "postgres/queries/coalescing.hpp"

#include <spdlog/fmt/fmt.h>

#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "postgres/catalogue/run_query.hpp"

namespace troupe::postgres {
namespace {

/// Of a name: what is volatile, or the texts that stand behind it. $1: words, $2: operators.
constexpr std::string_view volatile_sql = R"(
  SELECT 'calls ' || p.proname || ', and a function of this name is volatile' FROM pg_catalog.pg_proc p
  WHERE p.proname = ANY ($1) AND p.provolatile = 'v'
  UNION ALL
  SELECT 'calls ' || p.proname || ', and an aggregate of this name has a volatile function'
  FROM pg_catalog.pg_aggregate a JOIN pg_catalog.pg_proc p ON p.oid = a.aggfnoid
    JOIN pg_catalog.pg_proc s ON s.oid IN (a.aggtransfn, a.aggfinalfn) AND s.provolatile = 'v'
  WHERE p.proname = ANY ($1)
  UNION ALL
  SELECT 'uses ' || o.oprname || ', and an operator of this name is volatile'
  FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_proc p ON p.oid = o.oprcode AND p.provolatile = 'v'
  WHERE o.oprname = ANY ($2)
  UNION ALL
  SELECT 'may use a cast to ' || format_type(c.casttarget, NULL) || ', which is volatile'
  FROM pg_catalog.pg_cast c JOIN pg_catalog.pg_proc p ON p.oid = c.castfunc AND p.provolatile = 'v'
  LIMIT 1)";

constexpr std::string_view behind_sql = R"(
  SELECT 'view ' || c.oid::regclass::text, pg_get_viewdef(c.oid) FROM pg_catalog.pg_class c
  WHERE c.relkind = 'v' AND c.relname = ANY ($1)
  UNION ALL
  SELECT 'row security ' || p.oid::text, pg_get_expr(p.polqual, p.polrelid)
  FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
  WHERE c.relname = ANY ($1) AND p.polqual IS NOT NULL)";

std::vector<std::optional<std::string_view>> views_of(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

std::string word_that_writes(const schema::QueryText& text) {
  if (locks_rows(text)) return "locks rows";
  for (const std::string_view word : {"insert", "update", "delete", "merge", "into"}) {
    if (text.has_word(word)) return fmt::format("has the word {}", word);
  }
  return {};
}

/// The statement, and what stands behind the names in it.
class Expansion {
 public:
  Expansion(BlockingSession& session, const schema::QueryText& text) : session_(session), texts_{text} {}

  Result<std::string> why_not() {
    while (!texts_.empty()) {
      const auto text = std::move(texts_.back());
      texts_.pop_back();
      auto why = look_at(text);
      if (!why || !why->empty()) return why;
    }
    return std::string();
  }

 private:
  Result<std::string> look_at(const schema::QueryText& text) {
    if (auto why = word_that_writes(text); !why.empty()) return why;
    Params params;
    params.add_text_array(views_of(text.words));
    const auto behind = run_query(session_, std::string(behind_sql), params);
    if (!behind) return behind.error();
    params.add_text_array(views_of(text.operators));
    const auto found = run_query(session_, std::string(volatile_sql), params);
    if (!found) return found.error();
    if (found->count() > 0) return std::string(found->text(0, 0));
    for (int row = 0; row < behind->count(); ++row) {
      if (!seen_.emplace(behind->text(row, 0)).second) continue;
      auto read = schema::read_query_text(behind->text(row, 1));
      if (!std::holds_alternative<schema::QueryText>(read))
        return fmt::format("names a {} that cannot be read", behind->text(row, 0));
      texts_.push_back(std::get<schema::QueryText>(std::move(read)));
    }
    return std::string();
  }

  BlockingSession& session_;
  std::vector<schema::QueryText> texts_;  ///< still to be looked at
  std::set<std::string> seen_;
};

}  // namespace

bool locks_rows(const schema::QueryText& text) {
  // FOR [NO KEY] UPDATE, FOR [KEY] SHARE; "for" also stands in substring(x for 3).
  return text.has_word("for") && (text.has_word("update") || text.has_word("share"));
}

Result<std::string> why_not_coalesced(BlockingSession& session, const schema::QueryText& text) {
  return Expansion(session, text).why_not();
}

}  // namespace troupe::postgres
