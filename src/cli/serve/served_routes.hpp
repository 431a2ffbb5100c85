#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "http/auth/rules.hpp"
#include "http/server/router.hpp"
#include "postgres/database.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"

namespace troupe::cli {

/// What `serve` routes requests by: what the database serves, and who may do what (auth.file), as each was
/// read last. `ask_for_rules` is for any thread, the rest for one at a time.
class ServedRoutes {
 public:
  /// `settings` must outlive this object.
  explicit ServedRoutes(const Settings& settings) : settings_(settings) {}

  /// Reads auth.file, if there is one. Before anything is started.
  Result<void> read_rules();
  /// Of what is served at first. Error: the rules name what is not there.
  Result<http::Router> begin(const postgres::Served& served);
  /// auth.file is to be read again when the next router is made.
  void ask_for_rules() { asked_ = true; }
  /// Of what is served now; null: of what was served before, and nullopt where nothing else has changed
  /// either. Rules at fault are told in the log, and those from before stay.
  std::optional<http::Router> again(const postgres::Served* served);

 private:
  http::Router make(std::shared_ptr<const http::Rules> rules) const;

  const Settings& settings_;
  std::shared_ptr<const http::Rules> rules_;  ///< null: everybody may do everything
  postgres::Served served_;
  std::atomic<bool> asked_{false};
};

}  // namespace troupe::cli
