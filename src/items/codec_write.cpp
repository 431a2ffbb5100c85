#include <array>
#include <bit>
#include <boost/endian/conversion.hpp>
#include <charconv>
#include <cstdint>
#include <msgpack.hpp>

#include "items/codec.hpp"
#include "items/number_text.hpp"
#include "support/json_string.hpp"

namespace troupe::items {
namespace {

void append_integer(std::int64_t value, std::string& out) {
  std::array<char, 20> text;  // -9223372036854775808
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), end);
}

void write_json(const Item& item, std::string& out) {
  out += R"({"id":)";
  append_integer(item.id, out);
  out += R"(,"name":)";
  append_json_string(item.name, out);
  out += R"(,"description":)";
  if (item.description) {
    append_json_string(*item.description, out);
  } else {
    out += "null";
  }
  out += R"(,"price":)";
  append_number(item.price, out);
  out += item.in_stock ? R"(,"in_stock":true})" : R"(,"in_stock":false})";
}

/// What msgpack::packer asks of its stream.
struct StringSink {
  std::string& out;
  void write(const char* data, std::size_t size) { out.append(data, size); }
};
using Packer = msgpack::packer<StringSink>;

void pack_text(Packer& packer, std::string_view text) {
  packer.pack_str(static_cast<std::uint32_t>(text.size()));
  packer.pack_str_body(text.data(), static_cast<std::uint32_t>(text.size()));
}

/// A float 64, always: msgpack-c's pack_double turns 2.0 into the integer 2, and a price would change its
/// type with its value.
void pack_float(StringSink& sink, double value) {
  std::array<unsigned char, 9> bytes = {0xCB};
  boost::endian::store_big_u64(bytes.data() + 1, std::bit_cast<std::uint64_t>(value));
  sink.write(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void write_msgpack(const Item& item, StringSink& sink) {
  Packer packer(sink);
  packer.pack_map(5);
  pack_text(packer, "id");
  packer.pack_int64(item.id);
  pack_text(packer, "name");
  pack_text(packer, item.name);
  pack_text(packer, "description");
  if (item.description) {
    pack_text(packer, *item.description);
  } else {
    packer.pack_nil();
  }
  pack_text(packer, "price");
  pack_float(sink, item.price);
  pack_text(packer, "in_stock");
  item.in_stock ? packer.pack_true() : packer.pack_false();
}

}  // namespace

void write_item(ContentFormat format, const Item& item, std::string& out) {
  if (format == ContentFormat::json) return write_json(item, out);
  StringSink sink{out};
  write_msgpack(item, sink);
}

void write_items(ContentFormat format, std::span<const Item> items, std::string& out) {
  if (format == ContentFormat::json) {
    out += '[';
    for (const Item& item : items) {
      if (&item != items.data()) out += ',';
      write_json(item, out);
    }
    out += ']';
    return;
  }
  StringSink sink{out};
  Packer(sink).pack_array(static_cast<std::uint32_t>(items.size()));
  for (const Item& item : items) write_msgpack(item, sink);
}

}  // namespace troupe::items
