#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "support/settings.hpp"
#include "support/time.hpp"

namespace troupe::http {

/// One answer, for the log; what is empty is not known. It lives as long as the call that it is made for.
struct AccessRecord {
  boost::asio::ip::address client;
  std::string_view caller;
  std::string_view method;  ///< empty: nothing of the request line could be read
  std::string_view path, query;
  bool http_1_0 = false;
  std::string_view route;  ///< empty: none was reached
  int status = 0;
  std::size_t bytes = 0;  ///< of the answer's body
  Duration took{};        ///< from the request's first byte to the answer
  std::string_view request_id;
  std::string_view trace_id, parent_id, span_id;  ///< W3C Trace Context
  std::string_view referer, user_agent;
};

/// Appends a line with its line feed. In `common` and `combined` it is as Apache writes it: what is no
/// printable ASCII is \xHH, quotes and backslashes have a backslash. Values of parameters with secret names
/// are "***", and so are tokens and passwords by their form. From any thread.
void append_access_line(AccessLogFormat format, const AccessRecord& record,
                        std::chrono::system_clock::time_point now, std::string& out);

/// A query with the values of secret names masked.
std::string masked_query(std::string_view query);

}  // namespace troupe::http
