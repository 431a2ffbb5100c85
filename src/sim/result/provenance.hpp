#pragma once

#include <ctime>
#include <map>
#include <string>
#include <vector>

#include "sim/result/results.hpp"
#include "support/settings.hpp"

namespace troupe::sim {

/// The machine this runs on; what cannot be found out stays empty.
Host this_host();

/// Versions of troupe (and the commit it was built from) and of the libraries that decide its speed.
std::map<std::string, std::string> library_versions();

/// Every setting by its TOML key, without passwords.
std::map<std::string, std::string> settings_in_force(const Settings& settings);

/// A moment in UTC, to the second: "2026-11-22T16:00:00Z" (RFC 3339).
std::string rfc3339(std::time_t when);

/// A command line as a shell would take it again, but for passwords in URLs.
std::string command_text(const std::vector<std::string>& arguments);

}  // namespace troupe::sim
