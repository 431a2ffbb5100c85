#include "postgres/wire/rows.hpp"

#include <cassert>

#include "postgres/wire/byte_order.hpp"

namespace troupe::postgres {

std::int64_t Rows::int8(int row, int column) const {
  assert(PQgetlength(result_.get(), row, column) == 8);
  return static_cast<std::int64_t>(read_big_endian_64(PQgetvalue(result_.get(), row, column)));
}

bool Rows::boolean(int row, int column) const {
  assert(PQgetlength(result_.get(), row, column) == 1);
  return *PQgetvalue(result_.get(), row, column) != 0;
}

std::string_view Rows::text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

}  // namespace troupe::postgres
