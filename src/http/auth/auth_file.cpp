#include "http/auth/auth_file.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <utility>

#include "http/auth/claims.hpp"
#include "schema/file/entry_parts.hpp"
#include "support/characters.hpp"
#include "support/read_file.hpp"
#include "support/suggest.hpp"
#include "support/text_width.hpp"
#include "support/toml_reader.hpp"

namespace troupe::http {
namespace {

constexpr std::size_t most_bytes = 4 << 20;       // of the file: some ten thousand keys
constexpr std::size_t most_key_bytes = 64 << 10;  // of a file with an issuer's key

constexpr std::array<std::pair<std::string_view, std::uint32_t>, 6> operation_names{{{"list", list_bit},
                                                                                     {"get", get_bit},
                                                                                     {"create", create_bit},
                                                                                     {"update", update_bit},
                                                                                     {"delete", delete_bit},
                                                                                     {"call", call_bit}}};

std::string meant(std::string_view near) {
  return near.empty() ? "" : fmt::format("; did you mean {}?", near);
}

/// Reads the entries of one file; throws ScenarioFault.
class FileReader {
 public:
  FileReader(const std::string& file, const std::filesystem::path& folder) : file_(file), folder_(folder) {}

  AuthFile read(const toml::table& root) {
    const TomlReader top(root, "", file_, {"role", "key", "jwt"});
    each_of(top, "role", [&](const std::string& name, const toml::table& table) { add_role(name, table); });
    each_of(top, "key", [&](const std::string& name, const toml::table& table) { add_key(name, table); });
    if (const auto* issuers = top.array("jwt")) {
      for (const auto& node : *issuers) {
        if (!node.is_table()) top.fail(node, "jwt", "must be tables: [[jwt]]");
        add_issuer(*node.as_table());
      }
    }
    return std::move(read_);
  }

 private:
  template <class Use>
  void each_of(const TomlReader& top, std::string_view kind, const Use& use) {
    const auto* entries = top.table(kind);
    if (entries == nullptr) return;
    for (const auto& [key, node] : schema::in_order(*entries)) {
      const auto name = fmt::format("{}.{}", kind, key->str());
      if (!node->is_table()) top.fail(*node, name, fmt::format("must be a table: [{}.NAME]", kind));
      if (!is_auth_name(key->str()))
        top.fail(*node, name, "a name has up to 64 letters, digits, dots, dashes and underscores");
      use(std::string(key->str()), *node->as_table());
    }
  }

  std::string place_of(const toml::node& node, std::string_view name) const {
    return fmt::format("{}:{}: {}", file_, node.source().begin.line, name);
  }

  [[noreturn]] void fail(const toml::node& node, std::string_view name, std::string_view message) const {
    throw ScenarioFault{fmt::format("{}: {}", place_of(node, name), message)};
  }

  std::vector<std::string> texts(const toml::node& node, std::string_view name) const {
    const auto* array = node.as_array();
    if (array == nullptr) fail(node, name, "must be an array of texts in quotes");
    std::vector<std::string> all;
    for (const auto& each : *array) {
      auto text = each.value_exact<std::string>();
      if (!text) fail(each, name, "must hold texts in quotes");
      all.push_back(*std::move(text));
    }
    return all;
  }

  void add_role(const std::string& name, const toml::table& table) {
    if (read_.roles.size() == most_roles)
      fail(table, "role." + name, fmt::format("there are more than {} roles", most_roles));
    RoleEntry role{name};
    for (const auto& [key, node] : schema::in_order(table)) {
      const auto member = fmt::format("role.{}.{}", name, key->str());
      Grant grant{std::string(key->str())};
      grant.place = place_of(*node, member);
      for (const auto& word : texts(*node, member)) add_operation(word, *node, member, grant);
      role.grants.push_back(std::move(grant));
    }
    read_.roles.push_back(std::move(role));
  }

  void add_operation(const std::string& word, const toml::node& node, const std::string& member,
                     Grant& grant) const {
    if (word == "*") {
      grant.operations = all_bits;
      grant.any = true;
      return;
    }
    const auto found = std::ranges::find(operation_names, word, [](const auto& each) { return each.first; });
    if (found != operation_names.end()) {
      grant.operations |= found->second;
      return;
    }
    std::array<std::string_view, operation_names.size() + 1> known{"*"};
    std::ranges::transform(operation_names, known.begin() + 1, [](const auto& each) { return each.first; });
    fail(node, member,
         fmt::format("'{}' is not one of {}{}", word, list_words(known), meant(nearest(word, known))));
  }

  void add_key(const std::string& name, const toml::table& table) {
    const TomlReader reader(table, "key." + name, file_, {"sha256", "roles"});
    KeyEntry key{name};
    const auto digest = read_digest(reader.text("sha256"));
    if (!digest) reader.fail("sha256", "must be the SHA-256 of the key, 64 hexadecimal digits");
    key.digest = *digest;
    const auto twin = std::ranges::find_if(
        read_.keys, [&](const KeyEntry& other) { return same_digest(other.digest, key.digest); });
    if (twin != read_.keys.end()) reader.fail("sha256", "is also that of key." + twin->name);
    key.roles = texts(reader.node("roles"), reader.name_of("roles"));
    for (const auto& role : key.roles) {
      if (role != anonymous_role && !read_.has_role(role)) reader.fail("roles", no_role(role));
    }
    read_.keys.push_back(std::move(key));
  }

  std::string no_role(const std::string& role) const {
    std::vector<std::string_view> known;
    for (const auto& each : read_.roles) known.push_back(each.name);
    const auto near = nearest(role, known);
    return fmt::format(
        "there is no role '{}': {}", role,
        near.empty() ? "[role." + role + "] is missing" : fmt::format("did you mean {}?", near));
  }

  void add_issuer(const toml::table& table) {
    const auto name = fmt::format("jwt[{}]", read_.issuers.size());
    const TomlReader reader(
        table, name, file_,
        {"algorithm", "key", "kid", "issuer", "audience", "leeway", "roles_claim", "max_lifetime"});
    if (read_.issuers.size() == most_issuers)
      fail(table, name, fmt::format("there are more than {} issuers", most_issuers));
    const auto algorithm =
        static_cast<SigningAlgorithm>(reader.choice("algorithm", {"HS256", "RS256", "ES256"}));
    const auto path = folder_ / reader.text("key");
    const auto material = read_file(path, most_key_bytes);
    if (!material) reader.fail("key", material.error().message);
    const auto key = SigningKey::make(algorithm, *material);
    if (!key) reader.fail("key", fmt::format("{}: {}", path.string(), key.error().message));
    IssuerEntry issuer{*key};
    if (reader.has("kid")) issuer.key_id = reader.text("kid");
    if (reader.has("issuer")) issuer.issuer = reader.text("issuer");
    if (reader.has("audience")) issuer.audience = reader.text("audience");
    issuer.roles_claim = reader.text("roles_claim", issuer.roles_claim);
    if (is_registered_claim(issuer.roles_claim)) reader.fail("roles_claim", "has a meaning of its own");
    using std::chrono::seconds;
    if (reader.has("leeway"))
      issuer.leeway = seconds_of(reader, "leeway", seconds(0), std::chrono::minutes(10));
    if (reader.has("max_lifetime"))
      issuer.max_lifetime = seconds_of(reader, "max_lifetime", seconds(1), std::chrono::hours(24 * 3660));
    read_.issuers.push_back(std::move(issuer));
  }

  static std::chrono::seconds seconds_of(const TomlReader& reader, std::string_view key,
                                         std::chrono::seconds low, std::chrono::seconds high) {
    const auto value = reader.duration(key);
    if (value < low || value > high)
      reader.fail(key, fmt::format("must be from {}s to {}s", low.count(), high.count()));
    return std::chrono::floor<std::chrono::seconds>(value);
  }

  const std::string& file_;
  const std::filesystem::path& folder_;
  AuthFile read_;
};

}  // namespace

bool AuthFile::has_role(std::string_view name) const {
  return std::ranges::find(roles, name, &RoleEntry::name) != roles.end();
}

Result<AuthFile> read_auth_file(const std::filesystem::path& path) {
  const auto text = read_file(path, most_bytes);
  if (!text) return text.error();
  return parse_auth_file(*text, path.string(), path.parent_path());
}

Result<AuthFile> parse_auth_file(std::string_view text, const std::string& file,
                                 const std::filesystem::path& folder) {
  try {
    const auto root = toml::parse(text, file);
    return FileReader(file, folder).read(root);
  } catch (const toml::parse_error& error) {
    return invalid(fmt::format("{}:{}: not valid TOML: {}", file, error.source().begin.line,
                               one_line(error.description())));
  } catch (const ScenarioFault& fault) {
    return invalid(fault.message);
  }
}

bool is_auth_name(std::string_view name) {
  constexpr std::size_t longest = 64;
  return !name.empty() && name.size() <= longest &&
         std::ranges::all_of(name, [](char c) { return is_in(c, unreserved_char) && c != '~'; });
}

}  // namespace troupe::http
