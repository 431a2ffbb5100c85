#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "actors/database/messages.hpp"
#include "http/server/caller.hpp"
#include "http/server/request.hpp"
#include "support/content_format.hpp"
#include "support/time.hpp"

namespace troupe::http {

class Session;
struct Endpoint;
class Router;

/// One request on its way through a connection actor, from arrival to answer.
struct Exchange {
  std::shared_ptr<Session> session;
  Request request;
  const Router* router = nullptr;              ///< by which it was routed, and who may do what is known
  const Endpoint* endpoint = nullptr;          ///< of that
  std::size_t key_begin = 0, key_size = 0;     ///< the last segments of the request's path that name a row
  ContentFormat format = ContentFormat::json;  ///< to answer in
  std::string_view content_type;               ///< its name, as the client asked for it; a constant
  bool page = false;                           ///< to answer with a page for people; the format is JSON then
  bool unknown_label = false;                  ///< it names a label that an enumeration does not have
  bool array = false;                          ///< the body was an array, and so is the answer
  std::shared_ptr<const Caller> caller;        ///< null: nobody in particular
  std::uint64_t roles = ~std::uint64_t{0};     ///< a bit for each role of who asks; all: nobody looks at them
  bool https = false;                          ///< it came over TLS of this server's
  bool restricted = false;          ///< the answer depends on who asks: no cache may give it to others
  boost::asio::ip::address client;  ///< whose request it is: the peer, or whom a trusted proxy names
  TimePoint started{};              ///< its first byte was read
  TimePoint parsed{};               ///< its last byte was parsed
  TimePoint routed{};               ///< the connection actor took it up

  /// Where the client found this server: "https://shop.example". Who names no host asked localhost.
  std::string base_url() const {
    return (https ? "https://" : "http://") + (request.host.empty() ? "localhost" : request.host);
  }
  /// The segments, percent-encoded.
  std::string_view key() const { return std::string_view(request.path).substr(key_begin, key_size); }
};

}  // namespace troupe::http
