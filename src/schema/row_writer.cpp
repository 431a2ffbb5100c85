#include "schema/row_writer.hpp"

#include "schema/msgpack_text.hpp"

namespace troupe::schema {

RowShape::RowShape(const Resource& resource) {
  columns_.reserve(resource.columns.size());
  for (const Column& column : resource.columns) columns_.push_back(&column);
}

RowShape::RowShape(const Resource& resource, std::span<const std::size_t> places) {
  columns_.reserve(places.size());
  for (const std::size_t place : places) columns_.push_back(&resource.columns[place]);
}

void RowShape::write_json(const Column& column, Cell cell, std::string& out) {
  if (cell) {
    column.codec->write_json(*cell, column, out);
  } else {
    out += "null";
  }
}

void RowShape::begin_msgpack_map(std::size_t members, std::string& out) {
  StringSink sink{out};
  MsgpackPacker(sink).pack_map(static_cast<std::uint32_t>(members));
}

void RowShape::write_msgpack_member(const Column& column, Cell cell, std::string& out) {
  out += column.msgpack_key;
  if (cell) {
    column.codec->write_msgpack(*cell, column, out);
  } else {
    out += '\xC0';
  }
}

void begin_array(ContentFormat format, std::size_t count, std::string& out) {
  if (format == ContentFormat::json) {
    out += '[';
    return;
  }
  StringSink sink{out};
  MsgpackPacker(sink).pack_array(static_cast<std::uint32_t>(count));
}

}  // namespace troupe::schema
