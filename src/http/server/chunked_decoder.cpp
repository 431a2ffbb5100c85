#include "http/server/chunked_decoder.hpp"

#include <algorithm>
#include <boost/beast/http/chunk_encode.hpp>
#include <charconv>

#include "http/server/header_rules.hpp"
#include "support/characters.hpp"

namespace troupe::http {

namespace {

/// What a line may have without being charged as overhead: a chunk size in its longest plain form, or the
/// last CRLF.
constexpr std::size_t free_size_line = 16 + 2;
constexpr std::size_t free_trailer = 2;

/// chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] ) (RFC 9112 section 7.1.1); may be
/// empty.
bool is_chunk_extension(std::string_view text) {
  if (text.empty()) return true;
  if (!all_in(text, field_char)) return false;
  boost::beast::error_code error;
  boost::beast::http::chunk_extensions().parse(text, error);
  return !error;
}

}  // namespace

ChunkedDecoder::Status ChunkedDecoder::decode(std::string_view& bytes, std::string& body) {
  for (;;) {
    if (rejection_.status != 0) return Status::rejected;
    if (state_ == State::data) {
      take_data(bytes, body);
      if (chunk_left_ > 0) return Status::need_more;
      state_ = State::data_end;
    } else if (state_ == State::data_end) {
      if (!take_data_end(bytes)) return rejection_.status != 0 ? Status::rejected : Status::need_more;
    } else {
      const auto line = take_line(bytes);
      if (!line) return rejection_.status != 0 ? Status::rejected : Status::need_more;
      if (state_ == State::size_line) {
        parse_size_line(*line);
      } else if (line->empty()) {
        return Status::complete;
      } else if (!is_field_line(*line)) {
        reject(400, "A trailer field is malformed.");
      }
      // Well-formed trailer fields are discarded: none is known to be safe to merge (RFC 9110 section 6.5.1).
    }
  }
}

/// The next line without its CRLF; nothing when it is not whole yet or was rejected. Only bytes within the
/// limit are looked at, so that the verdict does not depend on how many came at once.
std::optional<std::string_view> ChunkedDecoder::take_line(std::string_view& bytes) {
  const std::size_t free = state_ == State::size_line ? free_size_line : free_trailer;
  const std::size_t limit = overhead_left_ + free;
  const std::size_t feed = bytes.substr(0, limit).find('\n');
  if (feed == bytes.npos) {
    if (bytes.size() > limit) reject(431, "The chunk extensions and trailer fields are too long.");
    return std::nullopt;
  }
  if (feed == 0 || bytes[feed - 1] != '\r') {
    reject(400, "A line of the chunked body ends without a carriage return.");
    return std::nullopt;
  }
  const std::string_view line = bytes.substr(0, feed - 1);
  const std::size_t size = feed + 1;
  overhead_left_ -= size - std::min(size, free);
  bytes.remove_prefix(size);
  return line;
}

void ChunkedDecoder::parse_size_line(std::string_view line) {
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), chunk_left_, 16);
  if (error != std::errc{}) return reject(400, "A chunk size is not a hexadecimal number.");
  if (!is_chunk_extension(line.substr(static_cast<std::size_t>(end - line.data())))) {
    return reject(400, "A chunk extension is malformed.");
  }
  if (chunk_left_ > body_left_) return reject(413, "The body is too large.");
  body_left_ -= static_cast<std::size_t>(chunk_left_);
  state_ = chunk_left_ == 0 ? State::trailers : State::data;
}

void ChunkedDecoder::take_data(std::string_view& bytes, std::string& body) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, bytes.size()));
  body.append(bytes.substr(0, size));
  bytes.remove_prefix(size);
  chunk_left_ -= size;
}

/// The CRLF behind a chunk's data. False when it is not there yet or something else is.
bool ChunkedDecoder::take_data_end(std::string_view& bytes) {
  const std::string_view expected("\r\n");
  const std::string_view found = bytes.substr(0, expected.size());
  if (!expected.starts_with(found)) {
    reject(400, "The data of a chunk is not followed by CRLF.");
    return false;
  }
  if (found.size() < expected.size()) return false;
  bytes.remove_prefix(expected.size());
  state_ = State::size_line;
  return true;
}

void ChunkedDecoder::reject(int status, const char* detail) {
  rejection_ = Rejection{status, detail};
}

}  // namespace troupe::http
