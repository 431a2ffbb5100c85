#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "cli/serve/resource_reload.hpp"
#include "cli/serve/served_routes.hpp"
#include "http/access_log/access_log.hpp"
#include "http/tls/server_tls.hpp"
#include "support/result.hpp"
#include "support/settings_load.hpp"

namespace troupe::cli {

/// What SIGHUP does while serving: the settings are read again. What can be changed without a restart is: the
/// log's level and the certificate; the access log's file is opened anew, and who may do what and what the
/// database's tables are like are read again. The rest is told. What is given here must outlive it.
class HangUp {
 public:
  /// `tls`: null without https.
  HangUp(const Settings& in_force, const std::function<Result<LoadedSettings>()>& load_again,
         std::shared_ptr<http::ServerTls> tls, ServedRoutes& routes)
      : in_force_(in_force), load_again_(load_again), tls_(std::move(tls)), routes_(routes) {}

  /// On the thread that hears signals.
  void operator()();

  // Null before they are there, and when they go; from any thread.
  std::atomic<ResourceReload*> reload{nullptr};
  std::atomic<http::AccessLog*> access_log{nullptr};

 private:
  void read_settings();
  void read_certificate(const TlsSettings& settings);
  bool is_read_again(std::string_view key) const;

  const Settings& in_force_;
  const std::function<Result<LoadedSettings>()>& load_again_;
  std::shared_ptr<http::ServerTls> tls_;
  ServedRoutes& routes_;
};

}  // namespace troupe::cli
