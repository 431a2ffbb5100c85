#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "postgres/catalogue/resource_statements.hpp"
#include "schema/resource.hpp"
#include "schema/row_writer.hpp"

namespace troupe::postgres {

/// A resource with all that serving it needs, made once and shared by connection actors, database actors and
/// users. Immutable; lives as long as anything that was asked of it.
struct ServedResource {
  /// `slot`: its place among those that are served together. `version` tells it from those of its name that
  /// are served no more.
  ServedResource(schema::Resource made, std::size_t at, std::uint64_t version)
      : resource(std::move(made)),
        slot(at),
        statements(resource, "r" + std::to_string(at) + "v" + std::to_string(version) + "_"),
        shape(resource),
        columns_id(id_of(resource)) {}
  ServedResource(const ServedResource&) = delete;
  ServedResource& operator=(const ServedResource&) = delete;

  const schema::Resource resource;
  const std::size_t slot;
  const ResourceStatements statements;
  const schema::RowShape shape;  ///< all columns
  /// Of their names and types, a few letters: likely others when they are others.
  const std::string columns_id;

 private:
  static std::string id_of(const schema::Resource& resource);
};

using SharedResource = std::shared_ptr<const ServedResource>;

/// Resources that are served together, in this order. Every call makes a version of its own.
std::vector<SharedResource> serve_resources(std::vector<schema::Resource> resources);

/// The items API as it is declared, for what stands in for a database.
SharedResource declared_items();

}  // namespace troupe::postgres
