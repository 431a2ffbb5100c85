#include "postgres/wire/hosts.hpp"

#include <arpa/inet.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

namespace troupe::postgres {
namespace {

std::vector<std::string> parts_of(std::string_view list) {
  std::vector<std::string> parts;
  while (true) {
    const auto comma = list.find(',');
    parts.emplace_back(list.substr(0, comma));
    if (comma == list.npos) return parts;
    list.remove_prefix(comma + 1);
  }
}

bool is_numeric(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

std::string joined(const std::vector<Host>& hosts, std::string Host::*part) {
  std::string list;
  for (const auto& host : hosts) {
    if (&host != &hosts.front()) list += ',';
    list += host.*part;
  }
  return list;
}

Error takes_too_long(const std::string& name) {
  return {ErrorCode::unavailable,
          "could not translate host name \"" + name + "\" to address: the resolver has not answered yet"};
}

}  // namespace

std::vector<Host> hosts_of(const std::string& conninfo) {
  // Only libpq knows all of where an option comes from (a service file that `conninfo` names has no function
  // of its own), and it tells that of a connection only. One with an impossible sslmode has its options, but
  // is refused before anything is looked up or opened (fe-connect.c, connectOptions2).
  const char* const keywords[] = {"dbname", "sslmode", nullptr};
  const char* const values[] = {conninfo.c_str(), "only the options are wanted", nullptr};
  const std::unique_ptr<PGconn, void (*)(PGconn*)> refused(
      PQconnectStartParams(keywords, values, /*expand_dbname=*/1), PQfinish);
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(PQconninfo(refused.get()),
                                                                               PQconninfoFree);
  if (!options) return {};
  const auto value_of = [&](std::string_view keyword) -> std::string {
    for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
      if (option->keyword == keyword && option->val != nullptr) return option->val;
    }
    return {};
  };
  return split_hosts(value_of("host"), value_of("hostaddr"), value_of("port"));
}

std::vector<Host> split_hosts(const std::string& host, const std::string& hostaddr, const std::string& port) {
  auto names = parts_of(host), addresses = parts_of(hostaddr), ports = parts_of(port);
  const auto count = hostaddr.empty() ? names.size() : addresses.size();
  if (host.empty()) names.resize(count);
  if (hostaddr.empty()) addresses.resize(count);
  if (ports.size() == 1) ports.resize(count, std::string(ports.front()));
  if (names.size() != count || ports.size() != count) return {};
  std::vector<Host> hosts;
  for (std::size_t i = 0; i < count; ++i) hosts.push_back({names[i], addresses[i], ports[i]});
  return hosts;
}

bool needs_look_up(const Host& host) {
  // '@' is a socket in the abstract name space.
  return host.hostaddr.empty() && !host.host.empty() && host.host[0] != '/' && host.host[0] != '@' &&
         !is_numeric(host.host);
}

std::vector<std::string> names_to_look_up(const std::vector<Host>& hosts) {
  std::vector<std::string> names;
  for (const auto& host : hosts) {
    if (needs_look_up(host) && std::ranges::find(names, host.host) == names.end()) names.push_back(host.host);
  }
  return names;
}

Result<HostOptions> with_addresses(const std::vector<Host>& hosts, const AddressesByName& found) {
  std::vector<Host> usable;
  std::vector<std::string> reasons;
  for (const auto& host : hosts) {
    if (!needs_look_up(host)) {
      usable.push_back(host);
      continue;
    }
    const auto known = found.find(host.host);
    const auto addresses = known == found.end() ? Addresses(takes_too_long(host.host)) : known->second;
    if (addresses) {
      for (const auto& address : *addresses) usable.push_back({host.host, address, host.port});
    } else if (std::ranges::find(reasons, addresses.error().message) == reasons.end()) {
      reasons.push_back(addresses.error().message);
    }
  }
  std::string left_out;
  for (const auto& reason : reasons) left_out += (left_out.empty() ? "" : "; ") + reason;
  if (usable.empty()) return Error{ErrorCode::unavailable, std::move(left_out)};
  // An empty value would count as none, and the connection string's own list would stay in force.
  const auto& first = usable.front();
  if (usable.size() == 1 && (first.host.empty() || first.hostaddr.empty() || first.port.empty()))
    usable.push_back(Host(first));
  return HostOptions{joined(usable, &Host::host), joined(usable, &Host::hostaddr),
                     joined(usable, &Host::port), std::move(left_out)};
}

}  // namespace troupe::postgres
