#include "postgres/catalogue/resource_statements.hpp"

#include <spdlog/fmt/fmt.h>

#include <utility>

#include "schema/table_name.hpp"

namespace troupe::postgres {
namespace {

using schema::Column;
using schema::quote_identifier;
using schema::Resource;
using schema::TypeKind;
using schema::WireForm;

/// The arrays of a batch and what SQL calls their elements: unnest($1::int8[], …) WITH ORDINALITY u (k0, …,
/// o).
class Elements {
 public:
  std::string add(WireForm form, const std::string& name) {
    params_.push_back(form);
    if (!names_.empty()) names_ += ", ";
    names_ += name;
    return "u." + name;
  }
  void add_keys(const Resource& resource) {
    for (std::size_t i = 0; i < resource.key.size(); ++i)
      add(resource.columns[resource.key[i]].wire_form(), fmt::format("k{}", i));
  }
  void add_versions(const Resource& resource) {
    if (resource.has_xmin) add(WireForm::text, "x");
  }
  void add_values(const Resource& resource, const std::vector<std::size_t>& places) {
    for (std::size_t i = 0; i < schema::Masks::words_for(places.size()); ++i)
      add(WireForm::integer, fmt::format("m{}", i));
    for (std::size_t i = 0; i < places.size(); ++i)
      add(resource.columns[places[i]].wire_form(), fmt::format("c{}", i));
  }
  std::string from() const {
    std::string arrays;
    for (std::size_t i = 0; i < params_.size(); ++i)
      arrays += fmt::format("{}${}", i == 0 ? "" : ", ", i + 1);
    return fmt::format("unnest({}) WITH ORDINALITY AS u ({}{}o)", arrays, names_, names_.empty() ? "" : ", ");
  }
  std::vector<WireForm> params() const { return params_; }

 private:
  std::vector<WireForm> params_;
  std::string names_;
};

/// to_json makes objects of composite values, hstore and the like, which are served through their text. The
/// text that a cast makes of an address is another one than its own.
bool elements_as_text(const schema::Type& array) {
  if (array.element.empty() || array.element.front().kind != TypeKind::other) return false;
  const auto& name = array.element.front().name;
  return name != "inet" && name != "cidr";
}

std::string column_name(const Resource& resource, std::size_t place) {
  return quote_identifier(resource.columns[place].name);
}

std::string key_matches(const Resource& resource) {
  std::string sql;
  for (std::size_t i = 0; i < resource.key.size(); ++i) {
    const auto& column = resource.columns[resource.key[i]];
    sql += fmt::format("{}{} = u.k{}{}", i == 0 ? "" : " AND ", ResourceStatements::comparable(column), i,
                       ResourceStatements::cast_of(column));
  }
  return sql;
}

std::string version_matches(const Resource& resource) {
  if (!resource.has_xmin) return {};
  return " AND (u.x IS NULL OR t.xmin::text = ANY(string_to_array(u.x, ',')))";
}

std::string value(const Resource& resource, const std::vector<std::size_t>& places, std::size_t i) {
  return fmt::format("u.c{}{}", i, ResourceStatements::cast_of(resource.columns[places[i]]));
}

std::string value_or(const Resource& resource, const std::vector<std::size_t>& places, std::size_t i,
                     const std::string& otherwise) {
  const auto [word, bit] = schema::Masks::place_of(i);
  return fmt::format("CASE WHEN u.m{} & {} <> 0 THEN {} ELSE {} END", word, bit, value(resource, places, i),
                     otherwise);
}

/// An absent value is a null element, which is the default of a column without one.
std::string value_or_default(const Resource& resource, const std::vector<std::size_t>& places,
                             std::size_t i) {
  const auto& column = resource.columns[places[i]];
  if (column.default_sql.empty()) return value(resource, places, i);
  return value_or(resource, places, i, column.default_sql);
}

}  // namespace

Oid oid_of(WireForm form) {
  constexpr Oid oids[] = {Oid::boolean, Oid::int8, Oid::float8, Oid::text, Oid::bytea};
  return oids[static_cast<std::size_t>(form)];
}

Oid array_oid_of(WireForm form) {
  constexpr Oid oids[] = {Oid::bool_array, Oid::int8_array, Oid::float8_array, Oid::text_array,
                          Oid::bytea_array};
  return oids[static_cast<std::size_t>(form)];
}

std::string ResourceStatements::cast_of(const Column& column) {
  if (column.wire_form() != WireForm::text) return {};
  if (column.type.name == "text" || column.type.name == "character varying") return {};
  return "::" + column.type.name;
}

std::string ResourceStatements::comparable(const Column& column) {
  const auto name = "t." + quote_identifier(column.name);
  return column.type.kind == TypeKind::enumeration ? name + cast_of(column) : name;
}

void ResourceStatements::append_shown(const Column& column, std::string& sql) {
  const auto name = "t." + quote_identifier(column.name);
  switch (column.type.kind) {
    case TypeKind::boolean:
    case TypeKind::integer:
    case TypeKind::real:
    case TypeKind::bytes:
    case TypeKind::text:
    case TypeKind::enumeration:
      sql += name;
      return;
    case TypeKind::array:
      sql += "pg_catalog.to_json(" + name + (elements_as_text(column.type) ? "::text[]" : "") + ")::text";
      return;
    case TypeKind::other:  // the output function's text: a cast to text may be another one (inet)
      // A composite value with a null in it is neither NULL nor NOT NULL.
      sql += fmt::format("CASE WHEN {0} IS DISTINCT FROM NULL THEN pg_catalog.format('%s', {0}) END", name);
      return;
    default:
      sql += name + "::text";
  }
}

ResourceStatements::ResourceStatements(const Resource& resource, std::string prefix)
    : resource_(resource), prefix_(std::move(prefix)) {
  for (const auto& column : resource.columns) {
    if (!shown_.empty()) shown_ += ", ";
    append_shown(column, shown_);
  }
  if (resource.has_xmin) shown_ += ", t.xmin";
  const auto& table = resource.table;
  const auto name = [this](const char* operation) { return prefix_ + operation; };

  Elements inserted;
  inserted.add_values(resource, resource.insertable());
  created_from_ = inserted.from();
  std::string columns, values;
  for (std::size_t i = 0; i < resource.insertable().size(); ++i) {
    columns += (i == 0 ? "" : ", ") + column_name(resource, resource.insertable()[i]);
    values += (i == 0 ? "" : ", ") + value_or_default(resource, resource.insertable(), i);
  }
  create_ = {
      {name("create"), fmt::format("INSERT INTO {} AS t ({}) SELECT {} FROM {} ORDER BY u.o RETURNING {}",
                                   table, columns, values, inserted.from(), shown_)},
      inserted.params()};
  if (resource.key.empty()) return;

  make_reads();
  Elements keys;
  keys.add_keys(resource);
  lock_ = {{name("lock"), fmt::format("SELECT FROM {} JOIN {} AS t ON {} ORDER BY u.o FOR NO KEY UPDATE OF t",
                                      keys.from(), table, key_matches(resource))},
           keys.params()};
  keys.add_versions(resource);
  remove_ = {{name("remove"), fmt::format("DELETE FROM {} AS t USING {} WHERE {}{} RETURNING u.o", table,
                                          keys.from(), key_matches(resource), version_matches(resource))},
             keys.params()};
  if (!resource.updatable().empty()) make_changes();
}

void ResourceStatements::make_reads() {
  Elements keys;
  keys.add_keys(resource_);
  std::string where;
  for (std::size_t i = 0; i < resource_.key.size(); ++i) {
    const auto& column = resource_.columns[resource_.key[i]];
    where += fmt::format("{}{} = ${}{}", i == 0 ? "" : " AND ", comparable(column), i + 1, cast_of(column));
  }
  const auto rows = fmt::format("SELECT {} FROM {} AS t WHERE ", shown_, resource_.table);
  read_one_ = {{prefix_ + "read_one", rows + where}, keys.params()};
  const auto& first = resource_.columns[resource_.key.front()];
  reads_by_key_ = resource_.key.size() == 1 && first.type.kind == TypeKind::integer;
  const auto joined = fmt::format("SELECT u.o, {} FROM {} JOIN {} AS t ON {}", shown_, keys.from(),
                                  resource_.table, key_matches(resource_));
  read_ = {
      {prefix_ + "read", reads_by_key_ ? fmt::format("{}{} = ANY($1)", rows, comparable(first)) : joined},
      keys.params()};
}

void ResourceStatements::make_changes() {
  const auto& places = resource_.updatable();
  Elements changed;
  changed.add_keys(resource_);
  changed.add_versions(resource_);
  changed.add_values(resource_, places);
  changed_from_ = changed.from();
  std::string changes, replacements;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto name = column_name(resource_, places[i]);
    const auto* comma = i == 0 ? "" : ", ";
    changes += fmt::format("{}{} = {}", comma, name, value_or(resource_, places, i, "t." + name));
    replacements += fmt::format("{}{} = {}", comma, name, value_or_default(resource_, places, i));
  }
  change_ = {{prefix_ + "change", change_sql(changes)}, changed.params()};
  replace_ = {{prefix_ + "replace", change_sql(replacements)}, changed.params()};

  Elements put;
  put.add_keys(resource_);
  put.add_values(resource_, places);
  std::string columns, values, keys, excluded;
  for (std::size_t i = 0; i < resource_.key.size(); ++i) {
    const auto name = column_name(resource_, resource_.key[i]);
    keys += (i == 0 ? "" : ", ") + name;
    values += fmt::format("{}u.k{}{}", i == 0 ? "" : ", ", i, cast_of(resource_.columns[resource_.key[i]]));
  }
  columns = keys;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto name = column_name(resource_, places[i]);
    columns += ", " + name;
    values += ", " + value_or_default(resource_, places, i);
    excluded += fmt::format("{}{} = EXCLUDED.{}", i == 0 ? "" : ", ", name, name);
  }
  // A row that was made has no xmax yet; one that was there carries the lock of ON CONFLICT. Where rows have
  // no such column nobody can tell.
  const auto* made = resource_.has_xmin ? "t.xmax = 0" : "NULL::boolean";
  put_ = {{prefix_ + "put",
           fmt::format(
               "INSERT INTO {} AS t ({}) SELECT {} FROM {} ORDER BY u.o ON CONFLICT ({}) DO UPDATE SET {} "
               "RETURNING {}, {}",
               resource_.table, columns, values, put.from(), keys, excluded, made, shown_)},
          put.params()};
}

std::string ResourceStatements::change_sql(const std::string& set) const {
  return fmt::format("UPDATE {} AS t SET {} FROM {} WHERE {}{} RETURNING u.o, {}", resource_.table, set,
                     changed_from_, key_matches(resource_), version_matches(resource_), shown_);
}

Statement ResourceStatements::create_named(const schema::Masks& masks) const {
  const auto& places = resource_.insertable();
  std::string columns, values, name = prefix_ + "create";
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!masks.has(i)) continue;
    const auto* comma = columns.empty() ? "" : ", ";
    columns += comma + column_name(resource_, places[i]);
    values += comma + value(resource_, places, i);
  }
  for (const auto mask : masks.words()) name += fmt::format("_{:x}", mask);
  if (columns.empty())
    return {name, fmt::format("INSERT INTO {} AS t DEFAULT VALUES RETURNING {}", resource_.table, shown_)};
  return {name, fmt::format("INSERT INTO {} AS t ({}) SELECT {} FROM {} ORDER BY u.o RETURNING {}",
                            resource_.table, columns, values, created_from_, shown_)};
}

Statement ResourceStatements::change_named(const schema::Masks& masks) const {
  const auto& places = resource_.updatable();
  std::string set, name = prefix_ + "change";
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!masks.has(i)) continue;
    set += fmt::format("{}{} = {}", set.empty() ? "" : ", ", column_name(resource_, places[i]),
                       value(resource_, places, i));
  }
  if (set.empty()) {
    const auto first = column_name(resource_, places.front());
    set = first + " = t." + first;
  }
  for (const auto mask : masks.words()) name += fmt::format("_{:x}", mask);
  return {name, change_sql(set)};
}

}  // namespace troupe::postgres
