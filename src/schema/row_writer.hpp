#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/resource.hpp"
#include "support/content_format.hpp"

namespace troupe::schema {

/// A value of a row as PostgreSQL sent it; nothing: null.
using Cell = std::optional<std::string_view>;

/// The columns that an answer shows, in its order: pointers into a resource, which must outlive it.
class RowShape {
 public:
  /// All of the resource's columns.
  explicit RowShape(const Resource& resource);
  RowShape(const Resource& resource, std::span<const std::size_t> places);

  /// Appends an object. `cell(i)`: the value of the i-th shown column.
  template <class CellOf>
  void write(ContentFormat format, CellOf cell, std::string& out) const {
    if (format == ContentFormat::json) {
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        const std::string_view key = columns_[i]->json_key;
        if (i == 0) out += '{';
        out += i == 0 ? key.substr(1) : key;
        write_json(*columns_[i], cell(i), out);
      }
      out += columns_.empty() ? "{}" : "}";
      return;
    }
    begin_msgpack_map(columns_.size(), out);
    for (std::size_t i = 0; i < columns_.size(); ++i) write_msgpack_member(*columns_[i], cell(i), out);
  }

  std::size_t size() const { return columns_.size(); }
  const Column& column(std::size_t i) const { return *columns_[i]; }

 private:
  static void write_json(const Column& column, Cell cell, std::string& out);
  static void begin_msgpack_map(std::size_t members, std::string& out);
  static void write_msgpack_member(const Column& column, Cell cell, std::string& out);

  std::vector<const Column*> columns_;
};

/// Appends what precedes `count` objects of an array; JSON's need commas between and a bracket behind them.
void begin_array(ContentFormat format, std::size_t count, std::string& out);

}  // namespace troupe::schema
