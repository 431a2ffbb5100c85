#include "actors/database/list_answer.hpp"

#include <algorithm>

#include "schema/parameter.hpp"
#include "schema/row_writer.hpp"

namespace troupe::actors {

namespace {

/// For rows that are about as long as the first; who is longer than this grows as it goes.
std::size_t room_for(std::size_t first_row, int rows) {
  constexpr std::size_t most = std::size_t{64} << 10;
  return std::min(most, (first_row + first_row / 8) * static_cast<std::size_t>(rows));
}

}  // namespace

ListAnswer::ListAnswer(postgres::SharedResource resource, std::shared_ptr<const schema::ListQuery> query,
                       postgres::ListStatement statement, postgres::Rows rows)
    : resource_(std::move(resource)),
      query_(std::move(query)),
      statement_(std::move(statement)),
      rows_(std::move(rows)),
      count_(rows_.count()) {
  if (query_->count && count_ > 0) {
    total_ = rows_.int8(0, 0);
    if (rows_.is_null(0, 1)) count_ = 0;  // a page without rows: only the total
  }
  more_ = count_ > query_->limit;
  if (more_) --count_;
}

std::shared_ptr<const std::string> ListAnswer::body(ContentFormat format) const {
  auto& body = bodies_[static_cast<std::size_t>(format)];
  std::call_once(body.made, [&] {
    const schema::RowShape some(resource_->resource, query_->fields);
    const auto& shape = query_->fields.empty() ? resource_->shape : some;
    auto bytes = std::make_shared<std::string>();
    const auto first = static_cast<int>(statement_.first_column);
    schema::begin_array(format, static_cast<std::size_t>(count_), *bytes);
    for (int row = 0; row < count_; ++row) {
      if (format == ContentFormat::json && row > 0) *bytes += ',';
      shape.write(
          format, [&](std::size_t i) { return rows_.cell(row, first + static_cast<int>(i)); }, *bytes);
      if (row == 0) bytes->reserve(room_for(bytes->size(), count_));
    }
    if (format == ContentFormat::json) *bytes += ']';
    body.bytes = std::move(bytes);
  });
  return body.bytes;
}

std::shared_ptr<const std::string> ListAnswer::text(std::string_view asked,
                                                    const std::function<std::string()>& make) const {
  std::call_once(text_.made, [&] {
    text_.bytes = std::make_shared<const std::string>(make());
    asked_ = asked;
  });
  return asked_ == asked ? text_.bytes : std::make_shared<const std::string>(make());
}

std::string ListAnswer::cursor() const {
  std::string elements;
  for (const auto& term : query_->order) {
    const auto found = std::ranges::find(statement_.shown, term.place);
    const auto column =
        static_cast<int>(statement_.first_column) + static_cast<int>(found - statement_.shown.begin());
    const auto cell = rows_.cell(count_ - 1, column);
    schema::append_parameter(resource_->resource.columns[term.place], cell, elements);
  }
  return elements;
}

}  // namespace troupe::actors
