#include "postgres/catalogue/read_types.hpp"

#include <utility>

#include "postgres/catalogue/catalogue_sql.hpp"
#include "postgres/catalogue/column_type.hpp"
#include "postgres/catalogue/run_query.hpp"

namespace troupe::postgres {

std::vector<std::string> Fields::texts() {
  return texts_of(rows_.text(row_, column_++));
}

schema::Type read_type(Fields& row) {
  CatalogueType from;
  from.oid = row.number();
  from.typmod = row.number();
  from.typname = row.text();
  from.enumeration = row.flag();
  from.name = row.text();
  from.declared = row.text();
  from.labels = row.texts();
  const bool array = row.flag();
  auto type = column_type(std::move(from));
  if (array) type.kind = schema::TypeKind::array;
  return type;
}

Result<std::vector<schema::Type>> read_types(BlockingSession& session,
                                             const std::vector<TypeNumber>& numbers) {
  std::vector<std::int64_t> oids, modifiers;
  for (const auto& number : numbers) {
    oids.push_back(number.oid);
    modifiers.push_back(number.modifier);
  }
  Params params;
  params.add_int8_array(oids);
  params.add_int8_array(modifiers);
  const auto rows = run_query(session, types_sql(), params);
  if (!rows) return rows.error();
  std::vector<schema::Type> types;
  for (int at = 0; at < rows->count(); ++at) {
    Fields row(*rows, at);
    const bool element = row.flag();
    auto type = read_type(row);
    if (element)
      types.back().element.push_back(std::move(type));
    else
      types.push_back(std::move(type));
  }
  if (types.size() != numbers.size()) return Error{ErrorCode::internal, "a type is not in pg_type any more"};
  return types;
}

}  // namespace troupe::postgres
