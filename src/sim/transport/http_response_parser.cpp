#include "sim/transport/http_response_parser.hpp"

#include <algorithm>
#include <charconv>

namespace troupe::sim {

ResponseParser::ResponseParser(bool keep_body) : keep_body_(keep_body) {
  eager(true);  // header and body in one call, as they come in one packet
  body_limit(boost::none);
  header_limit(64 * 1024);
}

std::size_t ResponseParser::take(string_view bytes) {
  body_bytes_ += bytes.size();
  if (keep_body_) body_.append(bytes.data(), bytes.size());
  return bytes.size();
}

std::int64_t find_id(std::string_view json) {
  constexpr std::string_view key = "\"id\"";
  constexpr std::string_view blanks = " \t\r\n";
  for (auto at = json.find(key); at != json.npos; at = json.find(key, at + 1)) {
    auto rest = json.substr(at + key.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
    if (!rest.starts_with(':')) continue;  // a value that happens to be "id"
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
    std::int64_t id = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), id);
    return id;
  }
  return 0;
}

}  // namespace troupe::sim
