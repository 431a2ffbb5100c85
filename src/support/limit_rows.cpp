#include "support/limit_rows.hpp"

#include <limits>

#include "support/ip_network.hpp"
#include "support/setting_rows.hpp"

namespace troupe {

namespace {

bool are_networks(std::string_view text) {
  return text.size() <= 4096 && parse_networks(text).has_value();
}

}  // namespace

std::vector<Setting> limit_rows() {
  using namespace setting_rows;
  using S = LimitSettings;
  const auto at = [](auto member) { return Field{&Settings::limits, member}; };
  constexpr Range<double> rate{0, 1e9};
  constexpr Range<std::uint64_t> burst{0, 1'000'000'000};
  return {
      text(
          {"limits.trusted_proxies", "--trusted-proxies",
           "networks of proxies that are believed when X-Forwarded-For or Forwarded says whose a request is"},
          "NETWORKS",
          "addresses and networks like 10.0.0.0/8 or fd00::/8, without bits behind the prefix, separated by "
          "commas, or empty",
          at(&S::trusted_proxies), are_networks),
      number({"limits.clients", "--limited-clients",
              "addresses, and keys, whose rate is remembered at once; who asked least lately makes room"},
             at(&S::clients), {1, 100'000'000}),
      decimal({"limits.client_rate", "--client-rate", "requests a second of one address (else 429); 0: any"},
              at(&S::client_rate), rate),
      number({"limits.client_burst", "--client-burst", "requests of one address at once; 0: a second's"},
             at(&S::client_burst), burst),
      number({"limits.client_connections", "--client-connections",
              "open connections of one address (more are closed at once); 0: any"},
             at(&S::client_connections), {0, 1'000'000}),
      size({"limits.client_memory", "--client-memory",
            "for one address's requests half read and answers half written (else 429); 0: any"},
           at(&S::client_memory), {0, std::uint64_t{1} << 40}),
      decimal({"limits.key_rate", "--key-rate", "requests a second with one key (else 429); 0: any"},
              at(&S::key_rate), rate),
      number({"limits.key_burst", "--key-burst", "requests with one key at once; 0: a second's"},
             at(&S::key_burst), burst),
      number({"limits.max_offset", "--max-offset", "rows that a list may skip (else 400)"},
             at(&S::max_offset), {0, std::numeric_limits<std::int64_t>::max()}),
  };
}

}  // namespace troupe
