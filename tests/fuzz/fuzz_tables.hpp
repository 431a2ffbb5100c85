#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "postgres/catalogue/served_resource.hpp"
#include "postgres/queries/served_query.hpp"

namespace troupe::fuzz {

/// Resources as they are made of tables: items, one with a column of every type and a rule of every kind, one
/// with a key of three columns, one without a key. Always the same objects.
const std::vector<postgres::SharedResource>& tables();

/// A query that reads and one that writes, with parameters of several types.
const std::vector<postgres::SharedQuery>& queries();

/// Is this a run of whole elements, `count` of them, each of a size that its column has? `places`: of the
/// columns, again and again, behind `masks` integers each time. Says what is not so; else nothing.
std::string fault_of_elements(const schema::Resource& resource, std::string_view elements,
                              const std::vector<std::size_t>& places, std::size_t masks, std::size_t rows);

/// The same of one value of a column, as it is written for PostgreSQL.
std::string fault_of_value(const schema::Column& column, std::string_view value);

}  // namespace troupe::fuzz
