#include "http/server/allowed_hosts.hpp"

#include <algorithm>
#include <array>

#include "http/server/authority.hpp"
#include "support/iequals.hpp"

namespace troupe::http {
namespace {

constexpr std::array<std::string_view, 3> loopback{"localhost", "127.0.0.1", "[::1]"};

bool is_loopback(std::string_view address) {
  return address == "::1" || address == loopback.front() || address.starts_with("127.");
}

}  // namespace

AllowedHosts::AllowedHosts(std::string_view setting, std::string_view listens_on) {
  if (setting == "*" || (setting == "auto" && !is_loopback(listens_on))) return;
  if (setting == "auto") {
    names_.assign(loopback.begin(), loopback.end());
    names_.emplace_back(listens_on);  // which may be 127.0.0.2
    return;
  }
  while (!setting.empty()) {
    const auto comma = setting.find(',');
    names_.emplace_back(setting.substr(0, comma));
    setting = comma == setting.npos ? "" : setting.substr(comma + 1);
  }
}

bool AllowedHosts::allow(std::string_view authority) const {
  if (names_.empty() || authority.empty()) return true;
  const auto host = host_of(authority);
  return std::ranges::any_of(names_, [&](const std::string& name) { return iequals(name, host); });
}

}  // namespace troupe::http
