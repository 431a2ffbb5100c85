#pragma once

#include <cstdint>
#include <msgpack.hpp>
#include <string>
#include <string_view>

// MessagePack, appended to a string.

namespace troupe::schema {

/// What msgpack::packer asks of its stream.
struct StringSink {
  std::string& out;
  void write(const char* data, std::size_t size) { out.append(data, size); }
};

using MsgpackPacker = msgpack::packer<StringSink>;

inline void append_msgpack_text(std::string_view text, std::string& out) {
  StringSink sink{out};
  MsgpackPacker(sink).pack_str(static_cast<std::uint32_t>(text.size()));
  out += text;
}

/// A float 64, always: msgpack-c's pack_double turns 2.0 into the integer 2, and a value's type would change
/// with it.
void append_msgpack_float(double value, std::string& out);
void append_msgpack_float(float value, std::string& out);

}  // namespace troupe::schema
