#include "http/auth/token_cache.hpp"

#include <utility>

namespace troupe::http {

void TokenCache::forget_other_rules(std::uint64_t rules) {
  if (rules_ == rules) return;
  young_.clear();
  old_.clear();
  rules_ = rules;
}

std::shared_ptr<const Caller> TokenCache::find(const Digest& token, std::uint64_t rules, double now) {
  forget_other_rules(rules);
  if (const auto found = young_.find(token); found != young_.end())
    return now < found->second.expires ? found->second.caller : nullptr;
  const auto found = old_.find(token);
  if (found == old_.end() || now >= found->second.expires) return nullptr;
  auto known = std::move(found->second);
  old_.erase(found);
  auto caller = known.caller;
  put(token, std::move(known));
  return caller;
}

void TokenCache::put(const Digest& token, std::uint64_t rules, std::shared_ptr<const Caller> caller,
                     double expires) {
  forget_other_rules(rules);
  put(token, {std::move(caller), expires});
}

void TokenCache::put(const Digest& token, Known known) {
  if (young_.size() >= half_) {
    old_ = std::move(young_);
    young_.clear();
  }
  young_.insert_or_assign(token, std::move(known));
}

}  // namespace troupe::http
