#include "http/auth/credential_cache.hpp"

#include <cstring>
#include <utility>

namespace troupe::http {

bool same_secret(std::string_view one, std::string_view other) {
  if (one.size() != other.size()) return false;
  std::uint64_t different = 0;
  std::size_t at = 0;
  for (; at + sizeof different <= one.size(); at += sizeof different) {
    std::uint64_t of_one = 0, of_other = 0;
    std::memcpy(&of_one, one.data() + at, sizeof of_one);
    std::memcpy(&of_other, other.data() + at, sizeof of_other);
    different |= of_one ^ of_other;
  }
  for (; at < one.size(); ++at) different |= static_cast<unsigned char>(one[at] ^ other[at]);
  return different == 0;
}

void CredentialCache::forget_other_rules(std::uint64_t rules) {
  if (rules_ == rules) return;
  young_ = {};
  old_ = {};
  rules_ = rules;
}

std::size_t CredentialCache::bytes_of(const Table::value_type& entry) {
  constexpr std::size_t node = 64;  // the table's own, and the caller's control block
  return entry.first.size() + entry.second.caller->name.size() + sizeof(Table::value_type) + sizeof(Caller) +
         node;
}

void CredentialCache::make_room() {
  if (young_.bytes < half_) return;
  old_ = std::move(young_);
  young_ = {};
}

std::shared_ptr<const Caller> CredentialCache::find(std::string_view credential, std::uint64_t rules,
                                                    double now) {
  forget_other_rules(rules);
  if (const auto found = young_.table.find(credential); found != young_.table.end())
    return now < found->second.expires ? found->second.caller : nullptr;
  const auto found = old_.table.find(credential);
  if (found == old_.table.end() || now >= found->second.expires) return nullptr;
  auto caller = found->second.caller;
  const auto bytes = bytes_of(*found);
  auto node = old_.table.extract(found);
  old_.bytes -= bytes;
  make_room();
  young_.table.insert(std::move(node));
  young_.bytes += bytes;
  return caller;
}

void CredentialCache::put(std::string_view credential, std::uint64_t rules,
                          std::shared_ptr<const Caller> caller, double expires) {
  forget_other_rules(rules);
  make_room();
  const auto [place, added] = young_.table.try_emplace(std::string(credential));
  if (!added) young_.bytes -= bytes_of(*place);
  place->second = {std::move(caller), expires};
  young_.bytes += bytes_of(*place);
}

}  // namespace troupe::http
