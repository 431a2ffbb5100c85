#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "postgres/catalogue/served_resource.hpp"
#include "schema/resource.hpp"

namespace troupe::http {

/// A foreign key whose rows are served: values of a row lead to the row that they name.
struct ForeignLink {
  std::string path;                   ///< of the other resource's rows: "/customers/"
  std::vector<std::size_t> places{};  ///< of the columns whose values are the segments behind it
};

/// The same from the other end: rows that name this one.
struct Referrer {
  std::string path, name;  ///< of the other resource
  /// What its list is filtered by: a parameter, and the place of the column here whose value it gets.
  std::vector<std::pair<std::string, std::size_t>> filters{};
};

/// What the pages of a resource are made of beside the rows, put together once. Immutable; from any thread;
/// holds its resource.
struct ResourcePages {
  /// `all`: what is served beside it, for links.
  ResourcePages(postgres::SharedResource resource, std::span<const postgres::SharedResource> all);

  const schema::Resource& resource() const { return served->resource; }

  postgres::SharedResource served;
  std::vector<std::optional<ForeignLink>> links{};  ///< by place of the column that shows it
  std::vector<Referrer> referrers{};
  std::string form_mark;    ///< a parameter that no column is: the form was sent as it stood
  std::string filters;      ///< in HTML: the fields of a form that filters by nothing
  std::string create_form;  ///< in HTML; empty where nothing can be made
  std::string id;           ///< likely another one when pages of a row that did not change are others
};

}  // namespace troupe::http
