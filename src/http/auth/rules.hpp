#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "http/auth/auth_file.hpp"
#include "http/auth/digest.hpp"
#include "http/server/caller.hpp"
#include "http/server/router.hpp"
#include "support/result.hpp"

namespace troupe::http {

/// What requests are judged by: the file, made quick to look things up in. Immutable; from any thread.
class Rules {
 public:
  explicit Rules(AuthFile file);

  /// Writes into the router's endpoints which roles may call each.
  void resolve(std::vector<Endpoint>& endpoints) const;
  /// The roles that may call any of these endpoints, which were resolved.
  static std::uint64_t useful_roles(const std::vector<Endpoint>& endpoints);
  /// Whether everything that the file names is there. Error: one line for the first that is not.
  Result<void> check_names(const std::vector<Endpoint>& endpoints) const;

  /// Whose key it is; null: nobody's.
  std::shared_ptr<const Caller> owner_of(const Digest& key) const;
  const std::vector<IssuerEntry>& issuers() const { return file_.issuers; }
  /// The bits of roles by their names. Others have none: who issues tokens has roles for others, too.
  std::uint64_t roles_of(const std::vector<std::string>& names) const;
  /// The bit that everybody has.
  static constexpr std::uint64_t everybody = 1;
  /// Of these rules alone, for what is remembered about them.
  std::uint64_t number() const { return number_; }

 private:
  std::uint64_t allowed(std::string_view subject, std::uint32_t operation, bool own) const;

  AuthFile file_;
  std::uint64_t number_;
  std::unordered_map<std::string, std::uint64_t> bits_;  ///< of roles
  std::unordered_map<Digest, std::shared_ptr<const Caller>, DigestHash, DigestEqual> keys_;
};

}  // namespace troupe::http
