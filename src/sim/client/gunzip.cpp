#include "sim/client/gunzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace troupe::sim {
namespace {

constexpr int gzip_with_any_window = 15 + 16;  // inflateInit2 in zlib.h

/// zlib's state, which it allocates.
struct Inflation {
  Inflation() : works(inflateInit2(&stream, gzip_with_any_window) == Z_OK) {}
  ~Inflation() {
    if (works) inflateEnd(&stream);
  }
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;

  z_stream stream{};
  bool works;
};

}  // namespace

Unzipped gunzip(std::string_view data, std::size_t most) {
  Unzipped out;
  Inflation inflation;
  if (!inflation.works) return out;
  auto& stream = inflation.stream;
  std::string in(data);  // zlib's pointer is not const
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  std::array<char, 16 * 1024> piece;
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    result = inflate(&stream, Z_NO_FLUSH);
    const auto got = piece.size() - stream.avail_out;
    const auto kept = std::min(got, most - out.text.size());
    out.text.append(piece.data(), kept);
    out.is_cut = out.is_cut || kept < got;
    if (out.is_cut) break;
    // Members may follow each other (RFC 1952 section 2.2).
    if (result == Z_STREAM_END && stream.avail_in != 0) result = inflateReset(&stream);
  }
  out.is_cut = out.is_cut || result == Z_BUF_ERROR;
  out.is_gzip = out.is_cut || result == Z_STREAM_END;
  return out;
}

}  // namespace troupe::sim
