#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>

#include "http/api/openapi/names.hpp"
#include "schema/resource.hpp"
#include "support/settings.hpp"

namespace troupe::http {

/// A resource on its way into the document.
struct DescribedResource {
  const schema::Resource& resource;
  const ResourceNames& names;
  std::size_t max_rows;                                   ///< of one body
  std::uint64_t max_offset = LimitSettings{}.max_offset;  ///< rows that a list may skip
};

/// Adds the operations that the resource's methods allow, under its paths.
void add_paths(const DescribedResource& described, boost::json::object& paths);

/// Adds the schemas that these operations refer to.
void add_schemas(const DescribedResource& described, boost::json::object& schemas);

}  // namespace troupe::http
