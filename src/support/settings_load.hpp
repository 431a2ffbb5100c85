#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "support/result.hpp"
#include "support/settings.hpp"
#include "support/settings_file.hpp"

namespace troupe {

/// What a setting's value came from, weakest first.
enum class Source { standard, file, environment, flag };

struct Origin {
  Source source = Source::standard;
  /// For people: "flag --port", "environment TROUPE_SERVER_PORT", "file troupe.toml:12".
  std::string text = "default";
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

}  // namespace troupe
