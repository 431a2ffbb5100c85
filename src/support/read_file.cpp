#include "support/read_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace troupe {

Result<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return Error{ErrorCode::invalid_argument, "cannot read " + path.string() + ": " + std::strerror(errno)};
  }
  std::string bytes;
  try {
    in.exceptions(std::ios::badbit);  // a directory opens and fails when it is read
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  } catch (const std::ios::failure&) {
    return Error{ErrorCode::invalid_argument, "cannot read " + path.string()};
  }
  return bytes;
}

}  // namespace troupe
