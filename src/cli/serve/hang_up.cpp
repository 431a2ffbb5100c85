#include "cli/serve/hang_up.hpp"

#include "support/log.hpp"
#include "support/log_line.hpp"
#include "support/settings_table.hpp"

namespace troupe::cli {

void HangUp::operator()() {
  read_settings();
  routes_.ask_for_rules();
  if (auto* log = access_log.load()) log->reopen();
  if (auto* tables = reload.load()) tables->ask();
}

void HangUp::read_settings() {
  const auto loaded = load_again_();
  if (!loaded) return log_error("SIGHUP: nothing was changed: {}", loaded.error().message);
  change_log_level(loaded->settings.log);
  log_info("SIGHUP: the settings were read again");
  for (const auto& setting : settings_table()) {
    if (is_read_again(setting.key) || setting.read(loaded->settings) == setting.read(in_force_)) continue;
    log_warn("SIGHUP: {} is another one now: it needs a restart", setting.key);
  }
  if (tls_ != nullptr && in_force_.tls.mode == TlsMode::automatic) read_certificate(loaded->settings.tls);
}

bool HangUp::is_read_again(std::string_view key) const {
  if (key == "log.level") return true;
  return tls_ != nullptr && (key == "tls.certificate" || key == "tls.key");
}

/// The new files may have other names.
void HangUp::read_certificate(const TlsSettings& settings) {
  if (const auto read = tls_->renew(settings); !read)
    return log_error("SIGHUP: the old certificate stays: {}", read.error().message);
  log_info("SIGHUP: new connections get the certificate in {}", settings.certificate);
}

}  // namespace troupe::cli
