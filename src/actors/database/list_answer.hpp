#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

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
  /// A value of the page's row: of the i-th of `shown()`. Valid as long as this object.
  schema::Cell cell(int row, std::size_t i) const {
    return rows_.cell(row, static_cast<int>(statement_.first_column + i));
  }
  /// Places of the columns that the rows have: those that are shown, then the rest of the order's.
  std::span<const std::size_t> shown() const { return statement_.shown; }
  /// A text made of this page, by whoever asks first, and shared by all who ask for the same; who asks for
  /// another has it made for himself. `asked`: all that the text depends on beside this page. From any
  /// thread.
  std::shared_ptr<const std::string> text(std::string_view asked,
                                          const std::function<std::string()>& make) const;
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
  mutable std::string asked_;  ///< of `text_`
  mutable Body text_;
};

}  // namespace troupe::actors
