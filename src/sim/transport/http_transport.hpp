#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/runtime/runtime.hpp"
#include "sim/client/http_connection.hpp"
#include "sim/transport/http_target.hpp"
#include "sim/transport/known_servers.hpp"
#include "sim/transport/transport.hpp"

namespace troupe::sim {

/// What the HTTP links of one worker share; used on its thread only.
struct HttpSeat {
  HttpSeat(actors::Worker& worker, const HttpTarget& target, LaterTls& tls, NameLookups& names);

  ConnectionPlace place;
  KnownServers servers;
  std::string rendered;  ///< a body, while its request is made
  std::string cookies;   ///< the same
  // What the last answer showed.
  std::string fields, body;
  bool body_is_cut = false;
  std::vector<HttpField> field_list;
  HttpResponse response;
};

/// Requests over real sockets: HTTP/1.1 with keep-alive, one connection per user, opened at its first request
/// and again after a loss; and a few more where redirects lead to other servers.
class HttpTransport final : public Transport {
 public:
  /// `resolve`: how names are looked up again during a run, see NameLookups.
  HttpTransport(actors::Runtime& runtime, HttpTarget target, NameLookups::Resolve resolve = addresses_of);

  std::unique_ptr<Link> make_link(caf::event_based_actor& user, actors::Worker& home,
                                  std::uint64_t number) override;
  void stop() override;

 private:
  actors::Runtime& runtime_;
  HttpTarget target_;
  NameLookups names_;
  LaterTls tls_;
  std::vector<std::unique_ptr<HttpSeat>> seats_;  ///< by worker
};

}  // namespace troupe::sim
