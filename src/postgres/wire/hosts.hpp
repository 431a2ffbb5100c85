#pragma once

#include <string>
#include <vector>

#include "support/name_lookups.hpp"
#include "support/result.hpp"

// The servers that a connection string names. libpq would look up their names itself, and block meanwhile.

namespace troupe::postgres {

/// One of them, as libpq sees it; each part may be empty, which is libpq's default.
struct Host {
  std::string host;      ///< a name, a numeric address or a socket's directory
  std::string hostaddr;  ///< where it is; then `host` is only what it is called
  std::string port;
};

/// The options of several, each a list with commas. All empty: as the connection string has it.
struct HostOptions {
  std::string host{};
  std::string hostaddr{};
  std::string port{};
  /// Why some of them were left out, in one line; empty when none was.
  std::string left_out{};
};

/// The servers that libpq would try for `conninfo` in this order, with what it takes from the environment and
/// from a service file. None when that cannot be read: libpq says what is wrong with it.
std::vector<Host> hosts_of(const std::string& conninfo);

/// The same of the three options themselves. None when their lengths do not fit.
std::vector<Host> split_hosts(const std::string& host, const std::string& hostaddr, const std::string& port);

/// Would libpq have to translate its name?
bool needs_look_up(const Host& host);
/// Of which of them, each once.
std::vector<std::string> names_to_look_up(const std::vector<Host>& hosts);

/// What is to be given to libpq instead, so that it looks up nothing: a host with several addresses comes
/// several times, and one without any is left out. Error (unavailable): there is none left, and why; it
/// quotes names, which may be pieces of a wrongly written password (`without_secrets`). A name that is not in
/// `found` is one that takes too long.
Result<HostOptions> with_addresses(const std::vector<Host>& hosts, const AddressesByName& found);

}  // namespace troupe::postgres
