#include "support/read_file.hpp"

#include <spdlog/fmt/fmt.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "support/conninfo_secrets.hpp"

namespace troupe {

Result<std::string> read_file(const std::filesystem::path& path, std::size_t most) {
  const auto fault = [&](const std::string& why) {
    return invalid("cannot read " + without_password(path.string()) + ": " + why);
  };
  std::error_code ignored;  // what cannot be looked at cannot be opened either
  if (std::filesystem::is_directory(path, ignored)) return fault("it is a directory");
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) return fault(std::strerror(errno));
  std::string bytes;
  for (std::istreambuf_iterator<char> byte(in), end; byte != end; ++byte) {
    if (bytes.size() == most) return fault(fmt::format("it has more than {} bytes", most));
    bytes += *byte;
  }
  if (in.bad()) return fault(std::strerror(errno));
  return bytes;
}

}  // namespace troupe
