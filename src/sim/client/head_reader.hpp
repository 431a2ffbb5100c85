#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::sim {

/// What a response's head says of itself and of what follows it.
struct ResponseHead {
  int status = 0;
  bool keep_alive = true;                 ///< it says that the connection may be used again
  bool chunked = false;                   ///< the last transfer coding
  bool until_close = false;               ///< it has a transfer coding that does not tell its end
  std::optional<std::uint64_t> length{};  ///< Content-Length
  std::string_view framing_fault{};       ///< why the end of a body cannot be told; counts if there is a body
  bool gzip = false;                      ///< Content-Encoding is gzip, and that alone
  std::string location{};
  std::vector<std::string> cookies{};  ///< values of Set-Cookie
};

/// Where the first head in `text` ends, behind its empty line; nothing when it is not whole. `from`: there is
/// no need to look before this.
std::optional<std::size_t> end_of_head(std::string_view text, std::size_t from = 0);

/// Reads a whole head (RFC 9112 sections 4, 5 and 6), of which folded lines have been unfolded (`unfold`).
/// Returns what is wrong with it, or nothing. Pure.
std::string_view read_head(std::string_view text, ResponseHead& head);

/// Turns line folding into spaces (RFC 9112 section 5.2); false: there is none, and `text` stays as it is.
bool unfold(std::string& text);
bool has_folding(std::string_view text);

/// Takes the first line off `text`, without its end.
std::string_view take_line(std::string_view& text);

/// Takes a field off the lines behind a status line; false at their end. The name is empty where the line is
/// no field.
bool take_field(std::string_view& lines, std::string_view& name, std::string_view& value);

}  // namespace troupe::sim
