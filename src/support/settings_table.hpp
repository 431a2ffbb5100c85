#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "support/settings.hpp"

namespace troupe {

/// How TOML writes a value: decides which TOML types are taken and whether a printed value gets quotes.
enum class ValueForm { text, boolean, number, decimal, size, duration };

/// One row of the settings table. The TOML file, the environment, the flags, --help, --print-config and every
/// check follow from it.
struct Setting {
  std::string_view key;    ///< as in TOML: "server.port"
  std::string_view flag;   ///< "--port"
  std::string_view value;  ///< what --help calls the value: "N"
  std::string_view help;   ///< one line, without a period
  std::string allowed;     ///< ends the sentence "server.port must be …"
  ValueForm form;
  bool secret = false;  ///< may hold a password: never echoed in a message
  /// Checks `text` and stores it; false, and nothing changed, when it is not allowed.
  std::function<bool(Settings&, std::string_view text)> write;
  /// The value as text that `write` takes back.
  std::function<std::string(const Settings&)> read;
  std::vector<std::string_view> words{};  ///< the only values there are; empty: others
};

/// Every setting, in the order of Settings and of --help. Made once; safe from any thread.
const std::vector<Setting>& settings_table();

/// The row of `key`, or nullptr.
const Setting* find_setting(std::string_view key);

/// "server.port" -> "TROUPE_SERVER_PORT".
std::string environment_name(std::string_view key);

}  // namespace troupe
