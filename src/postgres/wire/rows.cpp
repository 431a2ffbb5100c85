#include "postgres/wire/rows.hpp"

#include "schema/element.hpp"

namespace troupe::postgres {

std::int64_t Rows::int8(int row, int column) const {
  return schema::integer_of(text(row, column));
}

bool Rows::boolean(int row, int column) const {
  const auto value = text(row, column);
  return !value.empty() && value.front() != 0;
}

std::string_view Rows::text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

}  // namespace troupe::postgres
