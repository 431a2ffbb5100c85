#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "support/time.hpp"

namespace troupe::sim {

/// The cookies of one user (RFC 6265). No more than 64 of them and 16 KiB: the oldest go.
class CookieJar {
 public:
  static constexpr std::size_t most_cookies = 64;
  static constexpr std::size_t most_bytes = 16 * 1024;

  /// Takes the value of a Set-Cookie field (section 5.3) of an answer from `host` to a request for `path`.
  /// What is not for this host is left out.
  void take(std::string_view set_cookie, std::string_view host, std::string_view path, TimePoint now);

  /// Appends the value of the Cookie field (section 5.4) for a request to `host` for `path`; nothing where
  /// there are none. `secure`: it goes over https.
  void append_for(std::string_view host, std::string_view path, bool secure, TimePoint now,
                  std::string& out) const;

  bool empty() const { return cookies_.empty(); }
  std::size_t size() const { return cookies_.size(); }

 private:
  struct Cookie {
    std::string name, value, path;
    std::string domain;  ///< whose it is
    TimePoint end;       ///< TimePoint::max(): the user's
    bool secure;
    bool for_domain;  ///< also for hosts within the domain
    std::size_t bytes() const { return name.size() + value.size() + path.size() + domain.size(); }
  };

  std::vector<Cookie> cookies_;  ///< oldest first
  std::size_t bytes_ = 0;
};

}  // namespace troupe::sim
