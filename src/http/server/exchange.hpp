#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "actors/database/messages.hpp"
#include "http/server/request.hpp"
#include "support/content_format.hpp"
#include "support/time.hpp"

namespace troupe::http {

class Session;
struct Endpoint;

/// One request on its way through a connection actor, from arrival to answer.
struct Exchange {
  std::shared_ptr<Session> session;
  Request request;
  const Endpoint* endpoint = nullptr;
  std::optional<std::int64_t> id;              ///< from the path
  ContentFormat format = ContentFormat::json;  ///< to answer in
  std::string_view content_type;               ///< its name, as the client asked for it; a constant
  TimePoint started{};                         ///< its first byte was read
  TimePoint parsed{};                          ///< its last byte was parsed
  TimePoint routed{};                          ///< the connection actor took it up
};

}  // namespace troupe::http
