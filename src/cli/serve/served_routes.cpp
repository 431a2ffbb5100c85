#include "cli/serve/served_routes.hpp"

#include <utility>

#include "http/api/routes.hpp"
#include "support/log_line.hpp"

namespace troupe::cli {
namespace {

Result<std::shared_ptr<const http::Rules>> rules_of(const std::string& path) {
  auto file = http::read_auth_file(path);
  if (!file) return file.error();
  return std::make_shared<const http::Rules>(*std::move(file));
}

}  // namespace

Result<void> ServedRoutes::read_rules() {
  if (settings_.auth.file.empty()) return {};
  auto rules = rules_of(settings_.auth.file);
  if (!rules) return rules.error();
  rules_ = *std::move(rules);
  return {};
}

http::Router ServedRoutes::make(std::shared_ptr<const http::Rules> rules) const {
  return http::api_router(served_.resources, settings_.database.max_batch, served_.queries,
                          {.max_offset = settings_.limits.max_offset,
                           .metrics = settings_.admin.port == 0,
                           .rules = std::move(rules)});
}

Result<http::Router> ServedRoutes::begin(const postgres::Served& served) {
  served_ = served;
  auto router = make(rules_);
  if (rules_ != nullptr) {
    if (auto known = rules_->check_names(router.endpoints()); !known) return known.error();
  }
  return router;
}

std::optional<http::Router> ServedRoutes::again(const postgres::Served* served) {
  if (served != nullptr) served_ = *served;
  const bool asked = asked_.exchange(false) && rules_ != nullptr;
  if (served == nullptr && !asked) return std::nullopt;
  if (asked) {
    auto rules = rules_of(settings_.auth.file);
    if (rules) {
      auto router = make(*rules);
      const auto known = (*rules)->check_names(router.endpoints());
      if (known) {
        log_info("SIGHUP: the rules of {} are in force", settings_.auth.file);
        rules_ = *std::move(rules);
        return router;
      }
      rules = known.error();
    }
    log_error("SIGHUP: who may do what stays as it is: {}", rules.error().message);
  }
  auto router = make(rules_);
  if (rules_ != nullptr) {
    // What has gone is no reason to lock everybody out: who could use it can do nothing with the rule.
    if (const auto known = rules_->check_names(router.endpoints()); !known)
      log_warn("a rule has nothing to hold for: {}", known.error().message);
  }
  return router;
}

}  // namespace troupe::cli
