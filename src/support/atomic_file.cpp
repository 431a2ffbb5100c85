#include "support/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace troupe {
namespace {

namespace fs = std::filesystem;

/// An open file descriptor.
class File {
 public:
  File(const fs::path& path, int flags)
      : descriptor_(::open(path.c_str(), flags | O_WRONLY | O_CLOEXEC, 0666)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { close(); }

  bool is_open() const { return descriptor_ >= 0; }

  /// Writes wait from now on, whatever it was opened with.
  bool wait_for_readers() { return ::fcntl(descriptor_, F_SETFL, 0) == 0; }

  bool write(std::string_view content) {
    while (!content.empty()) {
      const auto written = ::write(descriptor_, content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

  bool sync() { return ::fsync(descriptor_) == 0; }

  /// Gives it the owner, as far as this process may, and the mode of a file that is there.
  void become_like(const fs::path& path) {
    struct stat there {};
    if (::stat(path.c_str(), &there) != 0) return;
    if (::fchown(descriptor_, there.st_uid, there.st_gid) != 0) errno = 0;  // only root gives files away
    ::fchmod(descriptor_, there.st_mode & 07777);
  }

  /// Some file systems tell of a full disk only here.
  bool close() {
    if (!is_open()) return true;
    const auto descriptor = descriptor_;
    descriptor_ = -1;
    return ::close(descriptor) == 0;
  }

 private:
  int descriptor_;
};

Error failure(const fs::path& path, int error_number) {
  return {ErrorCode::io,
          "cannot write " + path.string() + ": " + std::generic_category().message(error_number)};
}

Result<void> write_in_place(const fs::path& path, std::string_view content) {
  File file(path, O_NONBLOCK);  // a pipe that nobody reads would be waited for, for ever
  std::error_code absent;
  if (!file.is_open() && errno == ENXIO && fs::is_fifo(path, absent))
    return Error{ErrorCode::io, "cannot write " + path.string() + ": nobody reads this pipe"};
  if (!file.is_open() || !file.wait_for_readers() || !file.write(content) || !file.close())
    return failure(path, errno);
  return {};
}

}  // namespace

Result<void> write_file(const fs::path& path, std::string_view content) {
  std::error_code absent;  // a path that does not exist yet is what we are here for
  const auto status = fs::status(path, absent);
  if (fs::is_directory(status)) return failure(path, EISDIR);
  if (fs::exists(status) && !fs::is_regular_file(status)) return write_in_place(path, content);
  const auto target = fs::exists(status) ? fs::canonical(path, absent) : path;

  const fs::path temporary = target.string() + ".tmp." + std::to_string(::getpid());
  File file(temporary, O_CREAT | O_TRUNC);
  if (!file.is_open()) return failure(path, errno);
  if (fs::exists(status)) file.become_like(target);
  if (!file.write(content) || !file.sync() || !file.close() ||
      ::rename(temporary.c_str(), target.c_str()) != 0) {
    const int error_number = errno;
    ::unlink(temporary.c_str());
    return failure(path, error_number);
  }
  return {};
}

}  // namespace troupe
