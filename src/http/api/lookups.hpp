#pragma once

#include <array>
#include <string>
#include <string_view>

#include "schema/list_query.hpp"
#include "schema/resource.hpp"

// What a list can be asked for: of which columns, and by which names.

namespace troupe::http {

/// Parameters that are never columns: a column of such a name is filtered by with __exact.
constexpr std::array<std::string_view, 6> reserved_names = {"limit", "offset", "after",
                                                            "order", "fields", "count"};

struct LookupName {
  std::string_view suffix;
  schema::Lookup lookup;
};
constexpr std::array<LookupName, 11> lookup_names = {{{"exact", schema::Lookup::exact},
                                                      {"ne", schema::Lookup::ne},
                                                      {"gt", schema::Lookup::gt},
                                                      {"gte", schema::Lookup::gte},
                                                      {"lt", schema::Lookup::lt},
                                                      {"lte", schema::Lookup::lte},
                                                      {"in", schema::Lookup::in},
                                                      {"contains", schema::Lookup::contains},
                                                      {"icontains", schema::Lookup::icontains},
                                                      {"startswith", schema::Lookup::startswith},
                                                      {"isnull", schema::Lookup::isnull}}};

/// The parameter that filters by equality with the column: its name, and what makes a reserved one a column.
std::string exact_parameter(const schema::Column& column);

/// Does it look for a part of a text?
bool is_pattern(schema::Lookup lookup);

/// PostgreSQL has no order, and of some no equality, for values of some kinds.
bool is_comparable(const schema::Column& column);

bool may_filter(const schema::Resource& resource, const schema::Column& column);
bool may_order(const schema::Resource& resource, const schema::Column& column);

}  // namespace troupe::http
