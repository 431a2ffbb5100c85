#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "postgres/catalogue/list_statement.hpp"
#include "postgres/catalogue/served_resource.hpp"
#include "postgres/wire/rows.hpp"
#include "schema/list_query.hpp"
#include "support/content_format.hpp"

namespace troupe::actors {

/// One page of a list, shared by all who asked for it.
class ListAnswer {
 public:
  ListAnswer(postgres::SharedResource resource, std::shared_ptr<const schema::ListQuery> query,
             postgres::ListStatement statement, postgres::Rows rows);

  int rows() const { return count_; }
  bool more() const { return more_; }                           ///< another page follows
  std::optional<std::int64_t> total() const { return total_; }  ///< only when the query asked for a count
  const schema::ListQuery& query() const { return *query_; }
  /// The page as a body, made by whoever asks first. From any thread.
  std::shared_ptr<const std::string> body(ContentFormat format) const;
  /// The last row's values of the order's columns, as elements for ListQuery::after.
  std::string cursor() const;

 private:
  postgres::SharedResource resource_;
  std::shared_ptr<const schema::ListQuery> query_;
  postgres::ListStatement statement_;
  postgres::Rows rows_;
  int count_ = 0;
  bool more_ = false;
  std::optional<std::int64_t> total_{};
  struct Body {
    std::once_flag made;
    std::shared_ptr<const std::string> bytes;
  };
  mutable std::array<Body, 2> bodies_;
};

}  // namespace troupe::actors
