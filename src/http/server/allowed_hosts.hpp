#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace troupe::http {

/// The hosts that requests may name. A page from elsewhere can reach a server on a loopback address by a name
/// of its own that points there (DNS rebinding), and would then read its answers; such a request names that
/// host. Immutable; from any thread.
class AllowedHosts {
 public:
  /// Any host.
  AllowedHosts() = default;
  /// `setting`: names without ports, separated by commas; "*": any; "auto": localhost, 127.0.0.1 and [::1]
  /// when `listens_on` is a loopback address (which is allowed, too), else any.
  AllowedHosts(std::string_view setting, std::string_view listens_on);

  /// `authority`: as the request has it, with or without a port; empty, which only HTTP/1.0 may leave out, is
  /// allowed.
  bool allow(std::string_view authority) const;

 private:
  std::vector<std::string> names_;  ///< empty: any
};

}  // namespace troupe::http
