#include "sim/transport/known_servers.hpp"

#include <spdlog/fmt/fmt.h>

#include "sim/transport/given_addresses.hpp"
#include "support/iequals.hpp"

namespace troupe::sim {

Result<std::shared_ptr<TlsContext>> LaterTls::get() {
  const std::lock_guard lock(mutex_);
  if (context_) return context_;
  auto made = TlsContext::make(options_);
  if (made) context_ = *made;
  return made;
}

KnownServers::KnownServers(const HttpTarget& target, LaterTls& tls, OriginLookups lookups, TimePoint now)
    : aim_(target),
      tls_(tls),
      lookups_(std::move(lookups)),
      target_{target.authority, std::make_shared<LiveOrigin>(target.origin, lookups_, now)} {}

bool KnownServers::is_target(const ServerName& name) const {
  return name.secure == (aim_.origin.tls != nullptr) && name.port == aim_.port &&
         iequals(name.host, aim_.origin.host);
}

Result<KnownServer*> KnownServers::find(const ServerName& name) {
  if (is_target(name)) return &target_;
  const auto key = fmt::format("{}://{}:{}", name.secure ? "https" : "http", name.host, name.port);
  if (const auto known = others_.find(key); known != others_.end()) return &known->second;
  if (others_.size() == most_others)
    return Error{ErrorCode::unavailable,
                 fmt::format("redirected to {}, after {} other servers", key, most_others)};
  Origin origin{.host = name.host};
  auto given = given_addresses(aim_.options.resolve, name.host, name.port);
  if (!given) return given.error();
  origin.addresses = *std::move(given);
  if (origin.addresses.empty()) origin.lookup_port = name.port;
  if (name.secure) {
    auto tls = tls_.get();
    if (!tls) return tls.error();
    origin.tls = *std::move(tls);
  }
  auto live = std::make_shared<LiveOrigin>(std::move(origin), lookups_, TimePoint{});
  return &others_.emplace(key, KnownServer{name.authority, std::move(live)}).first->second;
}

}  // namespace troupe::sim
