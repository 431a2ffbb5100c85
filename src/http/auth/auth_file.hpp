#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/auth/digest.hpp"
#include "http/auth/signing_key.hpp"
#include "support/result.hpp"

namespace troupe::http {

/// Operations as bits.
enum OperationBit : std::uint32_t {
  list_bit = 1,
  get_bit = 2,
  create_bit = 4,
  update_bit = 8,
  delete_bit = 16,
  call_bit = 32,
  row_bits = list_bit | get_bit | create_bit | update_bit | delete_bit,
  all_bits = row_bits | call_bit,
};

/// `orders = ["list", "get"]`
struct Grant {
  std::string subject;           ///< a resource, a query, metrics, docs, or *: every resource and query
  std::uint32_t operations = 0;  ///< OperationBit
  bool any = false;              ///< "*": whatever the subject has
  std::string place{};           ///< "auth.toml:12: role.clerk.orders", for messages
};

/// `[role.clerk]`
struct RoleEntry {
  std::string name;
  std::vector<Grant> grants{};
};

/// `[key.NAME]`
struct KeyEntry {
  std::string name;
  Digest digest{};
  std::vector<std::string> roles{};
};

/// `[[jwt]]`
struct IssuerEntry {
  SigningKey key;
  std::optional<std::string> key_id{};    ///< the token must name it
  std::optional<std::string> issuer{};    ///< the token must name it
  std::optional<std::string> audience{};  ///< the token must name it; absent: it must name none
  std::string roles_claim = "roles";
  std::chrono::seconds leeway{30};                     ///< that clocks may differ by
  std::optional<std::chrono::seconds> max_lifetime{};  ///< from iat to exp
};

/// The role that everybody has, also without a key.
inline constexpr std::string_view anonymous_role = "anonymous";
/// Roles that a file may have: each is a bit of 64, and one is everybody's.
inline constexpr std::size_t most_roles = 63;
/// Issuers that a file may have: a token that names no key is tried with each of those with its algorithm.
inline constexpr std::size_t most_issuers = 16;

/// Who may do what, as the file says it. Pure data.
struct AuthFile {
  std::vector<RoleEntry> roles{};
  std::vector<KeyEntry> keys{};
  std::vector<IssuerEntry> issuers{};

  bool has_role(std::string_view name) const;
};

/// Reads the file and those with issuers' keys that it names. Every error is one line with the place in the
/// file, and never a secret.
Result<AuthFile> read_auth_file(const std::filesystem::path& path);

/// The same of a text. `folder`: what paths of keys are relative to.
Result<AuthFile> parse_auth_file(std::string_view text, const std::string& file,
                                 const std::filesystem::path& folder);

/// Whether a key or a role may be called so: 1 to 64 letters, digits, dots, dashes and underscores.
bool is_auth_name(std::string_view name);

}  // namespace troupe::http
