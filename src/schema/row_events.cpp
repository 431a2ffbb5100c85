#include "schema/row_events.hpp"

#include <functional>

#include "schema/element.hpp"

namespace troupe::schema {
namespace {

/// How MessagePack's bytes are written within a value of this column.
JsonTextWriter::Bytes nested_bytes(const Column& column) {
  if (column.type.kind == TypeKind::json) return JsonTextWriter::Bytes::base64;
  const TypeKind element = column.type.element.empty() ? TypeKind::other : column.type.element.front().kind;
  if (element == TypeKind::json) return JsonTextWriter::Bytes::base64;
  return element == TypeKind::bytes ? JsonTextWriter::Bytes::hex : JsonTextWriter::Bytes::object;
}

/// Lies `part` within `text`, so that it lives as long?
bool lies_within(std::string_view part, std::string_view text) {
  const std::less_equal<const char*> before;
  return before(text.data(), part.data()) && before(part.data() + part.size(), text.data() + text.size());
}

}  // namespace

RowEvents::RowEvents(const Resource& resource, const BodyShape& shape)
    : resource_(resource), shape_(shape), slots_(resource.columns.size()), masks_(shape.columns.size()) {
  for (const std::size_t place : shape.columns) slots_[place].wanted = true;
}

void RowEvents::start(std::string_view text) {
  text_ = text;
  slot_ = nullptr;
  depth_ = row_depth_ = 0;
  in_row_ = not_rows_ = too_many_rows_ = false;
  rows_ = {};
  faults_.clear();
  nested_.start(JsonTextWriter::Bytes::base64);
  // A row is hardly longer than its text: 12 bytes for what one digit was, and masks.
  rows_.elements.reserve(text.size() + 12 * (shape_.columns.size() + 1));
}

bool RowEvents::begin(bool object) {
  if (!nested_.whole()) {
    nested_.begin(object);
  } else if (depth_ == 0 && !object && shape_.array) {
    rows_.array = true;
  } else if (depth_ == 0 || (depth_ == 1 && rows_.array)) {
    if (!(object ? begin_row() : bad_row())) return false;
  } else if (in_members() && slot_ != nullptr) {
    begin_nested(object);
  }
  ++depth_;
  return true;
}

bool RowEvents::end(bool object) {
  --depth_;
  if (!nested_.whole()) {
    nested_.end(object);
    if (nested_.whole()) {
      slot_->size = memory_.size() - slot_->offset;
      slot_->value.flag = nested_.holds_foreign();
    }
  } else if (in_row_ && depth_ + 1 == row_depth_) {
    end_row();
  }
  return true;
}

void RowEvents::key(std::string_view name) {
  if (!nested_.whole()) return nested_.key(name);
  if (!in_members()) return;
  const auto place = resource_.find(name);
  slot_ = place && slots_[*place].wanted ? &slots_[*place] : nullptr;
}

bool RowEvents::value(const Scalar& value) {
  if (!nested_.whole()) {
    nested_.value(value);
  } else if (depth_ == 0 || (depth_ == 1 && rows_.array)) {
    return bad_row();
  } else if (in_members() && slot_ != nullptr) {
    keep(value);
  }
  return true;
}

bool RowEvents::begin_row() {
  if (!count_row()) return false;
  in_row_ = true;
  row_depth_ = depth_ + 1;
  slot_ = nullptr;
  memory_.clear();
  for (const std::size_t place : shape_.columns) slots_[place].present = false;
  return true;
}

bool RowEvents::count_row() {
  too_many_rows_ = rows_.count == shape_.max_rows;
  if (!too_many_rows_) ++rows_.count;
  return !too_many_rows_;
}

/// What should be a row is no object.
bool RowEvents::bad_row() {
  if (!rows_.array) {
    not_rows_ = true;
    return true;
  }
  if (!count_row()) return false;
  faults_.push_back({{"body", std::to_string(rows_.count - 1)},
                     "each element of the body must be an object",
                     "model_attributes_type"});
  return true;
}

void RowEvents::end_row() {
  in_row_ = false;
  std::string& out = rows_.elements;
  masks_.clear();
  for (std::size_t i = 0; i < shape_.columns.size(); ++i) {
    if (slots_[shape_.columns[i]].present) masks_.add(i);
  }
  masks_.append_to(out);
  for (const std::size_t place : shape_.columns) {
    const Column& column = resource_.columns[place];
    const Slot& slot = slots_[place];
    if (slot.present) {
      if (auto fault = column.codec->read(scalar(slot), column, out)) add_fault(column, std::move(*fault));
      continue;
    }
    if (shape_.whole && column.required()) add_fault(column, {"missing", "is required"});
    append_null_element(out);
  }
}

void RowEvents::add_fault(const Column& column, ValueFault fault) {
  std::vector<std::string> loc = {"body"};
  if (rows_.array) loc.push_back(std::to_string(rows_.count - 1));
  loc.push_back(column.name);
  faults_.push_back({std::move(loc), column.name + ' ' + fault.rule, std::move(fault.type)});
}

void RowEvents::begin_nested(bool object) {
  slot_->present = true;
  slot_->value = {object ? Scalar::Kind::object : Scalar::Kind::list};
  slot_->in_memory = true;
  slot_->offset = memory_.size();
  slot_->size = 0;
  const Column& column = resource_.columns[static_cast<std::size_t>(slot_ - slots_.data())];
  // What no column of this type can be is not written down.
  if (column.type.kind != TypeKind::json && column.type.kind != TypeKind::array) return;
  nested_.start(nested_bytes(column));
  nested_.begin(object);
}

void RowEvents::keep(const Scalar& value) {
  slot_->present = true;
  slot_->value = value;
  slot_->in_memory = !value.text.empty() && !lies_within(value.text, text_);
  if (!slot_->in_memory) return;
  slot_->offset = memory_.size();
  slot_->size = value.text.size();
  memory_ += value.text;
}

Scalar RowEvents::scalar(const Slot& slot) const {
  Scalar value = slot.value;
  if (slot.in_memory) value.text = std::string_view(memory_).substr(slot.offset, slot.size);
  return value;
}

BodyResult<BodyRows> RowEvents::result() {
  const std::string form = shape_.array ? "an object or an array of objects" : "an object";
  if (not_rows_) {
    return BodyError{BodyError::Kind::invalid,
                     "the body is not " + form,
                     {{{"body"}, "the body must be " + form, "model_attributes_type"}}};
  }
  if (too_many_rows_) {
    return BodyError{BodyError::Kind::too_many_rows,
                     "the body has more than " + std::to_string(shape_.max_rows) +
                         (shape_.max_rows == 1 ? " row" : " rows"),
                     {}};
  }
  if (!faults_.empty()) {
    return BodyError{BodyError::Kind::invalid, "the " + resource_.singular + " is not valid",
                     std::move(faults_)};
  }
  return std::move(rows_);
}

}  // namespace troupe::schema
