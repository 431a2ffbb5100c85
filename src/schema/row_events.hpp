#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/body.hpp"
#include "schema/json_text_writer.hpp"
#include "schema/masks.hpp"
#include "schema/resource.hpp"
#include "schema/scalar.hpp"

namespace troupe::schema {

/// What a body may be.
struct BodyShape {
  const std::vector<std::size_t>& columns;  ///< places of those that it may set
  bool whole = true;                        ///< required columns must be there
  bool array = false;                       ///< an array of objects is as good as one
  std::size_t max_rows = 1;
};

/// Makes rows of the events of a JSON or MessagePack reader, without a tree: one slot per column, members
/// that are none cost their reading and nothing else. A repeated member's last value wins.
class RowEvents {
 public:
  RowEvents(const Resource& resource, const BodyShape& shape);
  RowEvents(const RowEvents&) = delete;
  RowEvents& operator=(const RowEvents&) = delete;

  /// Events follow from this text, which outlives them; what earlier ones left is forgotten.
  void start(std::string_view text);

  // Events, in the order of the text. False: go no further.
  bool begin(bool object);
  bool end(bool object);
  void key(std::string_view name);
  bool value(const Scalar& value);

  /// An event was answered by false.
  bool too_many_rows() const { return too_many_rows_; }
  /// At the end: the rows, or why they are none.
  BodyResult<BodyRows> result();

 private:
  /// The value of a column, as far as the row is read.
  struct Slot {
    bool wanted = false;  ///< a body may set the column
    bool present = false;
    bool in_memory = false;  ///< the text lies in memory_, at this offset
    Scalar value{};
    std::size_t offset = 0, size = 0;
  };

  bool in_members() const { return in_row_ && depth_ == row_depth_; }
  bool begin_row();
  bool count_row();
  bool bad_row();
  void end_row();
  void add_fault(const Column& column, ValueFault fault);
  void begin_nested(bool object);
  void keep(const Scalar& value);
  Scalar scalar(const Slot& slot) const;

  const Resource& resource_;
  BodyShape shape_;
  std::string_view text_;
  std::vector<Slot> slots_;  ///< by the column's place
  Slot* slot_ = nullptr;     ///< whose value comes next; null: nobody's
  std::string memory_;       ///< of values that are not views of the text; of one row
  JsonTextWriter nested_{memory_};
  std::size_t depth_ = 0;      ///< of open arrays and objects
  std::size_t row_depth_ = 0;  ///< at which a row's members are
  bool in_row_ = false;
  bool not_rows_ = false;  ///< the body is something else
  bool too_many_rows_ = false;
  Masks masks_;
  BodyRows rows_;
  std::vector<FieldFault> faults_;
};

}  // namespace troupe::schema
