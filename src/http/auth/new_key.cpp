#include "http/auth/new_key.hpp"

#include <openssl/rand.h>
#include <spdlog/fmt/fmt.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <system_error>

#include "http/auth/auth_file.hpp"
#include "schema/base64.hpp"
#include "support/atomic_file.hpp"
#include "support/read_file.hpp"
#include "support/sha256.hpp"

namespace troupe::http {
namespace {

/// By which people, and programs that look for leaked secrets, recognize one.
constexpr std::string_view key_prefix = "troupe_";

Result<std::string> random_key() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1)
    return Error{ErrorCode::internal, "the system gives no random bytes"};
  return std::string(key_prefix) +
         schema::base64url_of({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

/// A TOML key as it is: a name with a dot would be two.
std::string quoted(const std::string& name) {
  return name.find('.') == std::string::npos ? name : '"' + name + '"';
}

std::string entry_of(const std::string& name, const std::vector<std::string>& roles, const std::string& key,
                     const AuthFile& file) {
  std::string text;
  for (const auto& role : std::set<std::string>(roles.begin(), roles.end())) {
    if (!file.has_role(role))
      text += fmt::format("\n[role.{}]\n# orders = [\"list\", \"get\"]\n", quoted(role));
  }
  text += fmt::format("\n[key.{}]\nsha256 = \"{}\"\nroles = [", quoted(name), sha256_hex(key));
  for (const auto& role : roles) text += fmt::format("{}\"{}\"", &role == roles.data() ? "" : ", ", role);
  return text + "]\n";
}

/// The mask of this process's new files as long as this object lives.
class PrivateFiles {
 public:
  PrivateFiles() : before_(::umask(S_IRWXG | S_IRWXO)) {}
  ~PrivateFiles() { ::umask(before_); }
  PrivateFiles(const PrivateFiles&) = delete;
  PrivateFiles& operator=(const PrivateFiles&) = delete;

 private:
  mode_t before_;
};

}  // namespace

Result<std::string> add_new_key(const std::filesystem::path& path, const std::string& name,
                                const std::vector<std::string>& roles) {
  if (!is_auth_name(name))
    return invalid("a key's name has up to 64 letters, digits, dots, dashes and underscores");
  if (!std::ranges::all_of(roles, is_auth_name))
    return invalid("a role's name has up to 64 letters, digits, dots, dashes and underscores");
  std::string text;
  std::error_code ignored;  // what cannot be looked at cannot be read either
  if (std::filesystem::exists(path, ignored)) {
    auto content = read_file(path);
    if (!content) return content.error();
    text = *std::move(content);
  }
  const auto file = parse_auth_file(text, path.string(), path.parent_path());
  if (!file) return file.error();
  if (std::ranges::find(file->keys, name, &KeyEntry::name) != file->keys.end())
    return invalid(
        fmt::format("{} has a key {} already: take another name, or remove that one", path.string(), name));
  auto key = random_key();
  if (!key) return key.error();
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  text += entry_of(name, roles, *key, *file);
  // What would not be read again must not be written.
  if (const auto again = parse_auth_file(text, path.string(), path.parent_path()); !again)
    return again.error();
  const PrivateFiles made_private;
  if (const auto written = write_file(path, text); !written) return written.error();
  return key;
}

}  // namespace troupe::http
