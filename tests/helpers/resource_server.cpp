#include "helpers/resource_server.hpp"

#include <cctype>

#include "helpers/shared_cluster.hpp"

namespace troupe::tests {

ResourceServer::ResourceServer(const std::string& sql, const std::vector<std::string>& flags)
    : conninfo_(fresh_database()), sql_(conninfo_), server_(launch(sql, flags)) {}

Launch ResourceServer::launch(const std::string& sql, const std::vector<std::string>& flags) {
  sql_.run(sql);
  std::vector<std::string> arguments{"--database-url", url_of(conninfo_), "--resources", "auto"};
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
