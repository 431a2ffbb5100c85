#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.hpp"
#include "support/settings.hpp"

namespace troupe {

/// What a setting's value came from, weakest first.
enum class Source { standard, file, environment, flag };

struct Origin {
  Source source = Source::standard;
  std::string text =
      "default";  ///< for people: "flag --port", "environment TROUPE_SERVER_PORT", "file troupe.toml:12"
};

/// The effective settings and, for every key, where its value came from.
struct LoadedSettings {
  Settings settings;
  std::map<std::string, Origin, std::less<>> origins;
};

/// Name -> value. Of the environment only TROUPE_… and DATABASE_URL are looked at.
using Environment = std::map<std::string, std::string, std::less<>>;

/// Setting key ("server.port") -> text, for the flags that were given.
using FlagValues = std::map<std::string, std::string, std::less<>>;

struct ConfigFile {
  std::string path;  ///< as messages name it
  std::string text;
};

/// One `key = value` of a configuration file.
struct FileValue {
  std::string key;
  std::string text;  ///< as a flag would take it
  std::size_t line;
};

/// Reads `file` as TOML and checks that its keys are known and its types right; the values' bounds are not
/// looked at. Pure.
Result<std::vector<FileValue>> parse_config(const ConfigFile& file);

/// Lays flags over environment over file over defaults. Pure. Every Error is one line that names the place,
/// the key and what is allowed.
Result<LoadedSettings> merge_settings(const FlagValues& flags, const Environment& environment,
                                      const std::optional<ConfigFile>& file);

/// `merge_settings` with the file read from disk: the `named` one (--config), which must exist, else
/// ./config/troupe.toml, else config/troupe.toml of the source tree the binary was built in
/// (…/build/release/troupe), else none.
Result<LoadedSettings> load_settings(const FlagValues& flags, const Environment& environment,
                                     const std::optional<std::string>& named);

/// This process's environment.
Environment process_environment();

/// Sets one setting by its TOML key from text as a flag takes it. On failure nothing is changed.
Result<void> set_setting(Settings& settings, std::string_view key, std::string_view text);

/// All settings as TOML that can be loaded again, each with its origin as a comment. A password in
/// database.url is left out.
std::string print_settings(const LoadedSettings& loaded);

/// `url` without the password in its authority or its parameters: fit for logs.
std::string without_password(std::string_view url);

}  // namespace troupe
