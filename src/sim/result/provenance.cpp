#include "sim/result/provenance.hpp"

#include <libpq-fe.h>
#include <spdlog/fmt/fmt.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <boost/version.hpp>
#include <caf/config.hpp>
#include <fstream>
#include <thread>

#include "support/git_commit.hpp"
#include "support/settings_load.hpp"
#include "support/settings_print.hpp"
#include "support/settings_table.hpp"

namespace troupe::sim {
namespace {

std::string cpu_model() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    const auto colon = line.find(": ");
    if (line.starts_with("model name") && colon != line.npos) return line.substr(colon + 2);
  }
  return {};
}

std::string quoted(const std::string& argument) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=./:,%@+";
  if (!argument.empty() && argument.find_first_not_of(plain) == argument.npos) return argument;
  std::string out = "'";
  for (const char c : argument) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

Host this_host() {
  Host host;
  host.cpu = cpu_model();
  host.cpus = std::thread::hardware_concurrency();
  const auto pages = ::sysconf(_SC_PHYS_PAGES), page = ::sysconf(_SC_PAGESIZE);
  if (pages > 0 && page > 0)
    host.memory_bytes = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page);
  utsname names{};
  if (::uname(&names) == 0) host.kernel = fmt::format("{} {}", names.sysname, names.release);
  return host;
}

std::map<std::string, std::string> library_versions() {
  return {
      {"troupe", TROUPE_VERSION},
      {"git_commit", std::string(git_commit)},
      {"caf", fmt::format("{}.{}.{}", CAF_VERSION / 10000, CAF_VERSION / 100 % 100, CAF_VERSION % 100)},
      {"boost",
       fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100)},
      {"libpq", fmt::format("{}.{}", PQlibVersion() / 10000, PQlibVersion() % 10000)},
  };
}

std::map<std::string, std::string> settings_in_force(const Settings& settings) {
  std::map<std::string, std::string> texts;
  for (const auto& setting : settings_table()) {
    const auto text = setting.read(settings);
    texts[std::string(setting.key)] = setting.secret ? without_password(text) : text;
  }
  return texts;
}

std::string rfc3339(std::time_t when) {
  std::tm fields{};
  gmtime_r(&when, &fields);
  char text[sizeof "2000-01-01T00:00:00Z"];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &fields);
  return text;
}

std::string command_text(const std::vector<std::string>& arguments) {
  std::string text = "troupe";
  for (const auto& argument : arguments) {
    const auto equals = argument.find('=');
    const bool flag = argument.starts_with("--") && equals != argument.npos;
    text += " " + quoted(flag ? argument.substr(0, equals + 1) + without_password(argument.substr(equals + 1))
                              : without_password(argument));
  }
  return text;
}

}  // namespace troupe::sim
