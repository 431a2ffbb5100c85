#pragma once

#include <span>
#include <string>
#include <vector>

#include "postgres/catalogue/served_resource.hpp"

namespace troupe::http {

/// What a resource is called in the document.
struct ResourceNames {
  std::string component;  ///< of a row: "Item"; safe in references and operation ids
  std::string list;       ///< operation id: "listItems"
  std::string a_row;      ///< "an item", "a row of orders"
  std::string rows;       ///< "items", "rows of orders"
};

/// Names for each, in their order. No two components collide, with New, Replacement and Change around them
/// neither.
std::vector<ResourceNames> names_of(std::span<const postgres::SharedResource> resources);

}  // namespace troupe::http
