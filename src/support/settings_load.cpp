#include "support/settings_load.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "support/config_places.hpp"
#include "support/conninfo_secrets.hpp"
#include "support/read_file.hpp"
#include "support/settings_table.hpp"
#include "support/suggest.hpp"

namespace troupe {
namespace {

Result<void> write(Settings& settings, const Setting& setting, std::string_view text) {
  if (setting.write(settings, text)) return {};
  auto message = std::string(setting.key) + " must be " + setting.allowed;
  if (!setting.secret) message += ", not '" + without_password(text) + "'";
  return invalid(std::move(message));
}

/// `place` begins the message of a failure, `origin` is what --print-config shows after a success.
Result<void> apply(LoadedSettings& loaded, const Setting& setting, std::string_view text,
                   const std::string& place, Origin origin) {
  if (auto written = write(loaded.settings, setting, text); !written) {
    return invalid(place + ": " + written.error().message);
  }
  loaded.origins[std::string(setting.key)] = std::move(origin);
  return {};
}

Result<void> apply_file(LoadedSettings& loaded, const ConfigFile& file) {
  const auto values = parse_config(file);
  if (!values) return values.error();
  for (const auto& value : *values) {
    const auto place = file.path + ":" + std::to_string(value.line);
    if (auto done =
            apply(loaded, *find_setting(value.key), value.text, place, {Source::file, "file " + place});
        !done) {
      return done.error();
    }
  }
  return {};
}

Result<void> check_names(const Environment& environment) {
  std::vector<std::string> names;
  for (const auto& setting : settings_table()) names.push_back(environment_name(setting.key));
  const std::vector<std::string_view> known(names.begin(), names.end());
  for (auto entry = environment.lower_bound("TROUPE_"); entry != environment.end(); ++entry) {
    const auto& name = entry->first;
    if (!name.starts_with("TROUPE_")) break;
    if (std::ranges::find(known, name) != known.end()) continue;
    const auto near = nearest(name, known);
    return invalid("environment variable " + name + ": no such setting; " +
                   (near.empty() ? "--print-config lists server.port for TROUPE_SERVER_PORT, and so on"
                                 : "did you mean " + std::string(near) + "?"));
  }
  return {};
}

Result<void> apply_environment(LoadedSettings& loaded, const Environment& environment) {
  if (auto known = check_names(environment); !known) return known;
  const auto take = [&](const Setting& setting, const std::string& name) -> Result<void> {
    const auto found = environment.find(name);
    if (found == environment.end()) return {};
    return apply(loaded, setting, found->second, "environment variable " + name,
                 {Source::environment, "environment " + name});
  };
  // The name other programs know comes first, so that Troupe's own is stronger. Left empty it means "not
  // set", as there.
  const bool own_url = environment.contains(environment_name("database.url"));
  const auto common_url = environment.find("DATABASE_URL");
  if (!own_url && common_url != environment.end() && !common_url->second.empty()) {
    if (auto done = take(*find_setting("database.url"), "DATABASE_URL"); !done) return done;
  }
  for (const auto& setting : settings_table()) {
    if (auto done = take(setting, environment_name(setting.key)); !done) return done;
  }
  return {};
}

Result<void> apply_flags(LoadedSettings& loaded, const FlagValues& flags) {
  for (const auto& [key, text] : flags) {
    const auto* setting = find_setting(key);
    if (setting == nullptr) return Error{ErrorCode::internal, "a flag for the unknown setting " + key};
    const std::string flag(setting->flag);
    if (auto done = apply(loaded, *setting, text, flag, {Source::flag, "flag " + flag}); !done) return done;
  }
  return {};
}

/// What no single row can see.
Result<void> check_together(const LoadedSettings& loaded) {
  const auto& database = loaded.settings.database;
  const auto named = [&](const char* key) {
    return std::string(key) + " (" + loaded.origins.at(key).text + ")";
  };
  if (!database.url.empty() && !database.data_dir.empty()) {
    return invalid(named("database.data_dir") + " is for the embedded cluster, but " + named("database.url") +
                   " names another server: leave one of them out");
  }
  const auto& server = loaded.settings.server;
  if (server.memory_limit < server.body_limit) {
    return invalid(named("server.memory_limit") + " must not be smaller than " + named("server.body_limit"));
  }
  const auto& tls = loaded.settings.tls;
  if (tls.mode == TlsMode::self_signed && !tls.certificate.empty())
    return invalid(named("tls.mode") + " makes a certificate, but " + named("tls.certificate") +
                   " names one: leave one of them out");
  if (tls.certificate.empty() != tls.key.empty()) {
    const auto* const given = tls.key.empty() ? "tls.certificate" : "tls.key";
    return invalid(named(given) + " needs " +
                   (tls.key.empty() ? "tls.key (--tls-key)" : "tls.certificate (--tls-certificate)") +
                   " beside it");
  }
  if (database.reconnect_min > database.reconnect_max) {
    return invalid(named("database.reconnect_min") + " must not be longer than " +
                   named("database.reconnect_max"));
  }
  const auto& cors = loaded.settings.cors;
  if (cors.origins == "*" && cors.credentials) {
    return invalid(named("cors.credentials") + " needs named origins, but " + named("cors.origins") +
                   " is \"*\": every page of the web could act for its visitors");
  }
  return {};
}

Result<ConfigFile> load_config_file(const std::string& path) {
  auto text = read_file(path);
  if (!text) return invalid("configuration file: " + text.error().message);
  return ConfigFile{path, std::move(*text)};
}

}  // namespace

Result<LoadedSettings> merge_settings(const FlagValues& flags, const Environment& environment,
                                      const std::optional<ConfigFile>& file) {
  LoadedSettings loaded;
  for (const auto& setting : settings_table()) loaded.origins.emplace(setting.key, Origin{});
  if (file) {
    if (auto done = apply_file(loaded, *file); !done) return done.error();
  }
  if (auto done = apply_environment(loaded, environment); !done) return done.error();
  if (auto done = apply_flags(loaded, flags); !done) return done.error();
  if (auto done = check_together(loaded); !done) return done.error();
  return loaded;
}

Result<LoadedSettings> load_settings(const FlagValues& flags, const Environment& environment,
                                     const std::optional<std::string>& named) {
  const auto found = named ? std::optional<std::filesystem::path>(*named) : find_config("troupe.toml");
  if (!found) return merge_settings(flags, environment, std::nullopt);
  auto file = load_config_file(found->string());
  if (!file) return file.error();
  return merge_settings(flags, environment, *std::move(file));
}

Environment process_environment() {
  Environment all;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals != text.npos) all.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return all;
}

Result<void> set_setting(Settings& settings, std::string_view key, std::string_view text) {
  if (const auto* setting = find_setting(key)) return write(settings, *setting, text);
  std::vector<std::string_view> keys;
  for (const auto& setting : settings_table()) keys.push_back(setting.key);
  const auto near = nearest(key, keys);
  return invalid(
      "unknown setting " + std::string(key) + "; " +
      (near.empty() ? "--print-config lists them all" : "did you mean " + std::string(near) + "?"));
}

}  // namespace troupe
