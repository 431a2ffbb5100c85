#include "postgres/queries/load_queries.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "postgres/catalogue/read_types.hpp"
#include "postgres/catalogue/resource_statements.hpp"
#include "postgres/catalogue/run_query.hpp"
#include "postgres/queries/coalescing.hpp"
#include "postgres/queries/query_sql.hpp"

namespace troupe::postgres {
namespace {

using schema::Query;
using schema::QueryEntry;

/// Bytes in front of PostgreSQL's character `position`, which counts from 1.
std::size_t byte_of(const std::string& sql, std::size_t position) {
  std::size_t byte = 0;
  for (std::size_t character = 1; byte < sql.size(); ++byte) {
    const bool begins = (static_cast<unsigned char>(sql[byte]) & 0xC0) != 0x80;
    if (begins && character++ == position) break;
  }
  return byte;
}

/// Makes one query, step by step.
class Loading {
 public:
  Loading(BlockingSession& session, const std::string& file, const QueryEntry& entry)
      : session_(session), file_(file), entry_(entry) {}

  Result<LoadedQuery> load() {
    auto& query = loaded_.query;
    query = Query{entry_.name, entry_.path, entry_.comment, entry_.text};
    query.one = entry_.one;
    query.write = entry_.write;
    query.timeout = entry_.timeout;
    query.max_rows = entry_.max_rows;
    if (!entry_.write && schema::QueryText(entry_.text).has_word("for") && locks_rows(entry_.text))
      return fault(entry_.line, "it locks rows, which is for what writes: write = true");
    for (const auto step : {&Loading::describe, &Loading::choose_form, &Loading::choose_coalescing}) {
      if (auto done = (this->*step)(); !done) return done.error();
    }
    return std::move(loaded_);
  }

 private:
  Error fault(std::size_t line, const std::string& what) const {
    return {ErrorCode::invalid_argument,
            fmt::format("{}:{}: query \"{}\": {}", file_, line, entry_.name, what)};
  }

  Error refused(const StatementError& error) const {
    auto what = fmt::format("{} (SQLSTATE {})", error.in_full(), error.sqlstate);
    if (error.position > 0) {
      const auto at = entry_.text.written_at(byte_of(entry_.text.sql, error.position));
      what += ", at " + schema::place_in_sql(entry_.written, at);
    }
    return fault(entry_.line, what);
  }

  Result<unsigned> type_number(const schema::ParameterEntry& parameter) {
    Params params;
    params.add_text(parameter.type);
    auto answer = session_.run("SELECT $1::regtype::oid::int8", params);
    if (!answer) return answer.error();
    if (const auto* error = std::get_if<StatementError>(&*answer))
      return fault(parameter.line, fmt::format("params.{}: {}", parameter.name, error->message));
    return static_cast<unsigned>(std::get<Rows>(*answer).int8(0, 0));
  }

  Result<void> describe() {
    std::vector<unsigned> types(entry_.text.names.size(), 0);
    for (const auto& parameter : entry_.parameters) {
      if (parameter.type.empty()) continue;
      const auto number = type_number(parameter);
      if (!number) return number.error();
      types[static_cast<std::size_t>(std::ranges::find(entry_.text.names, parameter.name) -
                                     entry_.text.names.begin())] = *number;
    }
    auto answer = session_.describe(entry_.text.sql, types);
    if (!answer) return answer.error();
    if (const auto* error = std::get_if<StatementError>(&*answer)) return refused(*error);
    const auto* described = std::get<Rows>(*answer).handle();
    if (auto read = read_parameters(described); !read) return read;
    return read_columns(described);
  }

  Result<void> read_parameters(const PGresult* described) {
    std::vector<TypeNumber> numbers;
    for (int i = 0; i < PQnparams(described); ++i) numbers.push_back({PQparamtype(described, i), -1});
    auto types = read_types(session_, numbers);
    if (!types) return types.error();
    auto& query = loaded_.query;
    query.parameters.name = entry_.name;
    query.parameters.singular = "call";
    for (std::size_t i = 0; i < types->size(); ++i) {
      schema::Column column;
      column.name = entry_.text.names[i];
      column.type = std::move((*types)[i]);
      column.nullable = false;
      const auto said = std::ranges::find(entry_.parameters, column.name, &schema::ParameterEntry::name);
      if (said != entry_.parameters.end()) {
        column.rules = said->rules;
        column.as_string = said->as_string;
        column.nullable = said->optional;
        column.has_default = said->optional || said->default_text;
      }
      query.parameters.columns.push_back(std::move(column));
    }
    query.parameters.finish();
    return schema::set_defaults(query, entry_, file_);
  }

  Result<void> read_columns(const PGresult* described) {
    std::vector<TypeNumber> numbers;
    std::set<std::string> names;
    auto& rows = loaded_.query.rows;
    rows.name = entry_.name;
    rows.path = entry_.path;
    rows.singular = "row";
    rows.comment = entry_.comment;
    for (int i = 0; i < PQnfields(described); ++i) {
      numbers.push_back({PQftype(described, i), PQfmod(described, i)});
      schema::Column column;
      column.name = PQfname(described, i);
      column.writable = false;
      if (!names.insert(column.name).second)
        return fault(entry_.line,
                     fmt::format("two of its columns are called \"{}\": name them with AS", column.name));
      rows.columns.push_back(std::move(column));
    }
    auto types = read_types(session_, numbers);
    if (!types) return types.error();
    for (std::size_t i = 0; i < types->size(); ++i) rows.columns[i].type = std::move((*types)[i]);
    rows.finish();
    if (rows.columns.empty() && (!entry_.write || entry_.one))
      return fault(entry_.line,
                   "it gives no columns: a statement that only writes says write = true, without one");
    return {};
  }

  /// nullopt: PostgreSQL takes it.
  Result<std::optional<StatementError>> refusal_of(const std::string& sql, bool arrays) {
    std::vector<unsigned> types;
    for (const auto& column : loaded_.query.parameters.columns) {
      const auto form = column.wire_form();
      types.push_back(static_cast<unsigned>(arrays ? array_oid_of(form) : oid_of(form)));
    }
    auto answer = session_.describe(sql, types);
    if (!answer) return answer.error();
    if (auto* error = std::get_if<StatementError>(&*answer)) return std::optional(std::move(*error));
    return std::optional<StatementError>();
  }

  Result<void> choose_form() {
    const auto& query = loaded_.query;
    std::vector<QueryForm> forms{QueryForm::subquery};
    if (query.write) forms.push_back(QueryForm::with);
    if (query.rows.columns.empty()) forms = {QueryForm::plain};
    if (query.write && needs_no_casts(query.rows)) forms.push_back(QueryForm::plain);
    std::optional<StatementError> error;
    for (const auto form : forms) {
      loaded_.one_sql = one_call_sql(query, form);
      auto refusal = refusal_of(loaded_.one_sql, false);
      if (!refusal) return refusal.error();
      if (!*refusal) return {};
      error = std::move(*refusal);
    }
    if (!query.write)
      return fault(entry_.line,
                   fmt::format("it is no SELECT that can stand in FROM (…): {}; a statement that writes says "
                               "write = true",
                               error->message));
    return fault(entry_.line,
                 fmt::format("neither in FROM (…) nor in WITH … AS (…): {}; cast its columns to text, "
                             "a number or a boolean, and it is sent as it is",
                             error->message));
  }

  Result<void> choose_coalescing() {
    auto& query = loaded_.query;
    if (query.write) {
      query.why_not = "it writes";
      return {};
    }
    auto why = why_not_coalesced(session_, query.text);
    if (!why) return why.error();
    query.proven_read_only = why->empty();
    if (entry_.coalesce == schema::Coalesce::never) {
      query.why_not = "coalesce = \"never\"";
      return {};
    }
    if (entry_.coalesce == schema::Coalesce::automatic && !why->empty()) {
      query.why_not = "it " + *why;
      return {};
    }
    return make_many();
  }

  Result<void> make_many() {
    auto& query = loaded_.query;
    query.coalesced = true;
    if (query.parameters.columns.empty()) return {};  // all calls are the same one
    auto sql = many_calls_sql(query);
    auto refusal = refusal_of(sql, true);
    if (!refusal) return refusal.error();
    if (!*refusal) {
      loaded_.many_sql = std::move(sql);
      return {};
    }
    if (entry_.coalesce == schema::Coalesce::always)
      return fault(entry_.line, "coalesce = \"always\", but it cannot be: " + (*refusal)->message);
    query.coalesced = false;
    query.why_not = "PostgreSQL does not take it with the parameters of many calls: " + (*refusal)->message;
    return {};
  }

  BlockingSession& session_;
  const std::string& file_;
  const QueryEntry& entry_;
  LoadedQuery loaded_;
};

}  // namespace

Result<std::vector<LoadedQuery>> load_queries(BlockingSession& session, const schema::ResourceFile& file) {
  std::vector<LoadedQuery> queries;
  if (file.queries.empty()) return queries;
  const auto super = run_query(session, "SELECT current_setting('is_superuser') = 'on'");
  if (!super) return super.error();
  if (super->boolean(0, 0))
    return Error{
        ErrorCode::invalid_argument,
        fmt::format("{}:{}: queries are not run as a superuser, who may read the server's files: connect as "
                    "another user",
                    file.file, file.queries.front().line)};
  for (const auto& entry : file.queries) {
    auto loaded = Loading(session, file.file, entry).load();
    if (!loaded) return loaded.error();
    queries.push_back(*std::move(loaded));
  }
  return queries;
}

}  // namespace troupe::postgres
