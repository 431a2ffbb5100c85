#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "sim/client/live_origin.hpp"
#include "sim/client/redirect.hpp"
#include "sim/transport/http_target.hpp"

namespace troupe::sim {

/// What all TLS connections of a run to other servers than its target share. Made when the first redirect
/// needs it: the system's authorities take memory, and some 10 ms to be read. Thread-safe.
class LaterTls {
 public:
  explicit LaterTls(const HttpTarget& target) : options_(target.options.tls), context_(target.origin.tls) {}
  Result<std::shared_ptr<TlsContext>> get();

 private:
  TlsOptions options_;
  std::mutex mutex_;
  std::shared_ptr<TlsContext> context_;  ///< the target's own, if it has one
};

/// A server that users have connections to.
struct KnownServer {
  std::string authority;  ///< for the Host field
  std::shared_ptr<LiveOrigin> origin;
};

/// The servers that the links of one worker connect to: the target, and those that redirects led to. Used on
/// its thread, but for construction and destruction.
class KnownServers {
 public:
  /// A run that is led to more servers than this crawls the web, which is not what it is for.
  static constexpr std::size_t most_others = 64;

  /// What is referred to outlives it.
  KnownServers(const HttpTarget& target, LaterTls& tls, OriginLookups lookups, TimePoint now);

  KnownServer& target() { return target_; }
  /// A server that a redirect names, maybe the target; its address is looked up when somebody connects. It
  /// stays. Error: one line.
  Result<KnownServer*> find(const ServerName& name);

 private:
  bool is_target(const ServerName& name) const;

  const HttpTarget& aim_;
  LaterTls& tls_;
  OriginLookups lookups_;
  KnownServer target_;
  std::map<std::string, KnownServer> others_;  ///< by scheme, host and port
};

}  // namespace troupe::sim
