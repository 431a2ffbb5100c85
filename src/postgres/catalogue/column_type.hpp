#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/type.hpp"

namespace troupe::postgres {

/// A type below its domains as pg_type has it.
struct CatalogueType {
  std::int64_t oid = 0;
  std::int64_t typmod = -1;
  std::string typname{};  ///< without its schema
  bool enumeration = false;
  std::string name{}, declared{};     ///< format_type without and with the typmod
  std::vector<std::string> labels{};  ///< of an enumeration
};

/// The same as a resource knows it; an array's element is added by whoever knows it.
schema::Type column_type(CatalogueType type);

}  // namespace troupe::postgres
