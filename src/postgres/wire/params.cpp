#include "postgres/wire/params.hpp"

#include <algorithm>
#include <cstring>

#include "postgres/wire/byte_order.hpp"

namespace troupe::postgres {
namespace {

constexpr std::size_t empty_array_header = 12;                // number of dimensions, has nulls, element type
constexpr std::size_t array_header = empty_array_header + 8;  // + length and lower bound of the one dimension
constexpr std::uint32_t null_length = 0xffffffff;             // -1

std::size_t array_size(std::size_t count, std::size_t element_bytes) {
  return count == 0 ? empty_array_header : array_header + 4 * count + element_bytes;
}

// arrayfuncs.c, array_recv: an empty array has no dimension at all.
char* write_array_header(char* out, Oid element, std::size_t count, bool has_null) {
  out = write_big_endian(out, std::uint32_t{count == 0 ? 0U : 1U});
  out = write_big_endian(out, std::uint32_t{has_null ? 1U : 0U});
  out = write_big_endian(out, static_cast<std::uint32_t>(element));
  if (count == 0) return out;
  out = write_big_endian(out, static_cast<std::uint32_t>(count));
  return write_big_endian(out, std::uint32_t{1});  // SQL arrays start at 1
}

}  // namespace

// Sizes are known before anything is written, so a parameter costs one growth check of the buffer.
char* Params::begin(Oid type, std::size_t length) {
  const std::size_t offset = buffer_.size();
  offsets_.push_back(offset);
  types_.push_back(type);
  lengths_.push_back(static_cast<int>(length));
  buffer_.resize(offset + length);
  return buffer_.data() + offset;
}

void Params::add_null(Oid type) {
  begin(type, 0);
  lengths_.back() = -1;
}

void Params::add_int8(std::int64_t value) {
  write_big_endian(begin(Oid::int8, 8), static_cast<std::uint64_t>(value));
}

void Params::add_text(std::string_view value) {
  add_binary(Oid::text, value);
}

void Params::add_binary(Oid type, std::string_view value) {
  char* out = begin(type, value.size());
  if (!value.empty()) std::memcpy(out, value.data(), value.size());
}

char* Params::add_array(Oid type, Oid element, std::size_t count, std::size_t bytes) {
  const std::size_t header = count == 0 ? empty_array_header : array_header;
  char* out = begin(type, header + bytes);
  // array_recv takes the flag for what may be, and looks for nulls itself.
  return write_array_header(out, element, count, true);
}

void Params::add_int8_array(std::span<const std::int64_t> values) {
  char* out = begin(Oid::int8_array, array_size(values.size(), 8 * values.size()));
  out = write_array_header(out, Oid::int8, values.size(), false);
  for (const std::int64_t value : values) {
    out = write_big_endian(out, std::uint32_t{8});
    out = write_big_endian(out, static_cast<std::uint64_t>(value));
  }
}

void Params::add_text_array(std::span<const std::optional<std::string_view>> values) {
  std::size_t bytes = 0;
  bool has_null = false;
  for (const auto& value : values) {
    if (value) {
      bytes += value->size();
    } else {
      has_null = true;
    }
  }
  char* out = begin(Oid::text_array, array_size(values.size(), bytes));
  out = write_array_header(out, Oid::text, values.size(), has_null);
  for (const auto& value : values) {
    if (!value) {
      out = write_big_endian(out, null_length);
      continue;
    }
    out = write_big_endian(out, static_cast<std::uint32_t>(value->size()));
    out = std::copy(value->begin(), value->end(), out);
  }
}

void Params::clear() {
  buffer_.clear();
  offsets_.clear();
  types_.clear();
  lengths_.clear();
}

std::span<const char* const> Params::values() const {
  pointers_.clear();
  for (std::size_t index = 0; index < size(); ++index) {
    // PQsendQueryPrepared takes a null pointer for NULL, whatever the length says.
    pointers_.push_back(lengths_[index] < 0 ? nullptr : buffer_.data() + offsets_[index]);
  }
  return pointers_;
}

std::span<const int> Params::formats() const {
  if (formats_.size() < size()) formats_.resize(size(), 1);
  return std::span(formats_).first(size());
}

}  // namespace troupe::postgres
