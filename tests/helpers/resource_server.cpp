#include "helpers/resource_server.hpp"

#include <cctype>

#include "helpers/shared_cluster.hpp"

namespace troupe::tests {

ResourceServer::ResourceServer(const std::string& sql, const std::vector<std::string>& flags,
                               const std::string& user)
    : conninfo_(fresh_database()), sql_(conninfo_), server_(launch(sql, flags, user)) {}

Launch ResourceServer::launch(const std::string& sql, const std::vector<std::string>& flags,
                              const std::string& user) {
  sql_.run(sql);
  if (!user.empty()) make_clerk(sql_, user);
  const auto url = url_of(conninfo_) + (user.empty() ? "" : "&user=" + user);
  std::vector<std::string> arguments{"--database-url", url, "--resources", "auto"};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  return {arguments};
}

std::string percent_encoded(const std::string& text) {
  constexpr const char* digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) {
      encoded += c;
      continue;
    }
    encoded += '%';
    encoded += digits[byte >> 4];
    encoded += digits[byte & 15];
  }
  return encoded;
}

}  // namespace troupe::tests
