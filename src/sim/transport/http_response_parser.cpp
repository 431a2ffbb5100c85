#include "sim/transport/http_response_parser.hpp"

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

}  // namespace troupe::sim
