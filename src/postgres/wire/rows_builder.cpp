#include "postgres/wire/rows_builder.hpp"

#include <libpq-fe.h>

#include <new>
#include <vector>

namespace troupe::postgres {

RowsBuilder::RowsBuilder(int columns)
    : result_(PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK)), rows_(result_) {
  char unnamed[] = "";
  std::vector<PGresAttDesc> descriptions(static_cast<std::size_t>(columns),
                                         PGresAttDesc{unnamed, 0, 0, 1, 0, -1, 0});
  if (result_ == nullptr || PQsetResultAttrs(result_, columns, descriptions.data()) != 1)
    throw std::bad_alloc();
}

void RowsBuilder::set(int row, int column, std::optional<std::string_view> value) {
  // PQsetvalue writes nothing to what it is given.
  auto* bytes = value ? const_cast<char*>(value->data()) : nullptr;
  const int length = value ? static_cast<int>(value->size()) : -1;
  if (PQsetvalue(result_, row, column, bytes, length) != 1) throw std::bad_alloc();
}

}  // namespace troupe::postgres
