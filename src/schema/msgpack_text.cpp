#include "schema/msgpack_text.hpp"

#include <array>
#include <bit>
#include <boost/endian/conversion.hpp>

namespace troupe::schema {

void append_msgpack_float(double value, std::string& out) {
  std::array<unsigned char, 9> bytes = {0xCB};
  boost::endian::store_big_u64(bytes.data() + 1, std::bit_cast<std::uint64_t>(value));
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void append_msgpack_float(float value, std::string& out) {
  std::array<unsigned char, 5> bytes = {0xCA};
  boost::endian::store_big_u32(bytes.data() + 1, std::bit_cast<std::uint32_t>(value));
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace troupe::schema
