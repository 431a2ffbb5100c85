#include "postgres/cluster/cluster_directories.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include "postgres/cluster/postgres_processes.hpp"

namespace troupe::postgres {
namespace {

namespace fs = std::filesystem;

Error io_error(const std::string& what, const fs::path& path, const std::string& why) {
  return {ErrorCode::io, "cannot " + what + " " + path.string() + ": " + why};
}
Error io_error(const std::string& what, const fs::path& path, int error) {
  return io_error(what, path, std::string(std::strerror(error)));
}
Error refusal(const fs::path& path, const std::string& why) {
  return {ErrorCode::invalid_argument, "data directory " + path.string() + " " + why};
}

std::string user_name(const std::optional<User>& user) {
  return user ? user->name : "this user";
}

FileDescriptor lock_directory(const fs::path& path) {
  FileDescriptor lock(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!lock || flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return {};
  return lock;
}

// PostgreSQL may still be writing its last file when its directory is removed: a second look settles that.
void remove_tree(const fs::path& path) {
  std::error_code error;
  for (int attempt = 0; attempt < 3; ++attempt) {
    fs::remove_all(path, error);
    if (!error) return;
  }
}

User owner_of(const struct stat& entry) {
  const passwd* known = getpwuid(entry.st_uid);
  return {entry.st_uid, entry.st_gid, known != nullptr ? known->pw_name : std::to_string(entry.st_uid)};
}

// Of a cluster, or of one whose move into place was interrupted.
std::optional<int> read_major_version(const fs::path& directory) {
  int version = 0;
  for (const fs::path& place : {directory, directory / initialised_directory})
    if (std::ifstream(place / "PG_VERSION") >> version) return version;
  return std::nullopt;
}

bool is_own_entry(const std::string& name) {
  return name.starts_with("troupe.") || name == "postgres.log";
}

// Parents made here can be entered by everybody, whatever our umask; the data directory itself cannot.
Result<void> make_directories(const fs::path& path) {
  if (fs::exists(path)) return {};
  if (path.has_parent_path())
    if (auto made = make_directories(path.parent_path()); !made) return made;
  if (mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) return io_error("make the directory", path, errno);
  if (chmod(path.c_str(), 0755) != 0) return io_error("set the mode of", path, errno);
  return {};
}

Result<void> check_reachable(const fs::path& path, const std::optional<User>& user) {
  fs::path ancestor;
  for (const fs::path& part : path.parent_path()) {
    ancestor /= part;
    if (!fs::exists(ancestor)) return {};
    if (!is_accessible(user, ancestor, /*enter_only=*/true))
      return refusal(path, "is not reachable: " + user_name(user) +
                               ", whom PostgreSQL runs as, may not enter " + ancestor.string());
  }
  return {};
}

Result<void> check_contents(const fs::path& path) {
  if (!fs::is_directory(path)) return refusal(path, "is not a directory");
  if (read_major_version(path)) return {};
  for (const auto& entry : fs::directory_iterator(path)) {
    if (!is_own_entry(entry.path().filename().string()))
      return refusal(path, "is neither empty nor a PostgreSQL cluster: give a new or an empty directory");
  }
  return {};
}

Result<void> take_ownership(const fs::path& path, const std::optional<User>& user) {
  struct stat entry {};
  if (stat(path.c_str(), &entry) != 0) return io_error("look at", path, errno);
  if (!user && entry.st_uid != geteuid())
    return refusal(path, "belongs to the user " + owner_of(entry).name + ": run troupe as that user");
  if (user && entry.st_uid != user->uid) {
    if (auto given = give_to(user, path); !given) return given;
    for (const auto& below : fs::recursive_directory_iterator(path))
      if (auto given = give_to(user, below.path()); !given) return given;
  }
  // PostgreSQL insists on it (and on nothing looser than 0750).
  if ((entry.st_mode & (S_IWGRP | S_IRWXO)) != 0 && chmod(path.c_str(), 0700) != 0)
    return io_error("set the mode of", path, errno);
  return {};
}

// The lock, not the file, says that the directory is in use: a stale file means nothing.
Result<FileDescriptor> lock_data_directory(const fs::path& path, const std::optional<User>& user) {
  const fs::path name = path / "troupe.lock";
  FileDescriptor lock(open(name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!lock) return io_error("open", name, errno);
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    std::string holder;
    std::ifstream(name) >> holder;
    return refusal(path,
                   "is in use by troupe with process id " + holder + ": stop it or give another --data-dir");
  }
  if (auto given = give_to(user, name); !given) return given.error();
  const std::string pid = std::to_string(getpid()) + "\n";
  if (ftruncate(lock.get(), 0) != 0 || pwrite(lock.get(), pid.data(), pid.size(), 0) < 0)
    return io_error("write", name, errno);
  return lock;
}

Result<DataDirectory> claim(const fs::path& path, std::optional<User> user) {
  struct stat entry {};
  const auto version = read_major_version(path);
  if (user && version && stat(path.c_str(), &entry) == 0 && entry.st_uid != 0) user = owner_of(entry);
  if (auto reachable = check_reachable(path, user); !reachable) return reachable.error();
  if (auto made = make_directories(path); !made) return made.error();
  if (auto fitting = check_contents(path); !fitting) return fitting.error();
  if (auto owned = take_ownership(path, user); !owned) return owned.error();
  if (!is_accessible(user, path, /*enter_only=*/false))
    return refusal(path, "cannot be written by " + user_name(user) + ", whom PostgreSQL runs as");
  auto lock = lock_data_directory(path, user);
  if (!lock) return lock.error();
  // Only now nobody else can be initialising it.
  return DataDirectory{path, std::move(user), read_major_version(path), std::move(*lock)};
}

}  // namespace

Result<void> give_to(const std::optional<User>& user, const fs::path& path) {
  if (user && lchown(path.c_str(), user->uid, user->gid) != 0)
    return io_error("change the owner of", path, errno);
  return {};
}

Result<RuntimeDirectory> RuntimeDirectory::create(const std::optional<User>& user) {
  // Locked under another name before it gets the one that the cleaner of abandoned directories looks for.
  std::string hidden = "/tmp/.troupe-XXXXXX";
  if (mkdtemp(hidden.data()) == nullptr) return io_error("make a directory in", "/tmp", errno);
  const fs::path path = runtime_prefix + hidden.substr(hidden.size() - 6);
  FileDescriptor lock = lock_directory(hidden);
  if (!lock) return io_error("lock", hidden, errno);
  const fs::path access_rules = fs::path(hidden) / access_rules_file;
  if (!(std::ofstream(access_rules) << "local all all trust\n").flush())
    return io_error("write", access_rules, errno);
  for (const fs::path& given_path : {fs::path(hidden), access_rules})
    if (auto given = give_to(user, given_path); !given) return given.error();
  if (rename(hidden.c_str(), path.c_str()) != 0) {
    const Error error = io_error("make the directory", path, errno);
    remove_tree(hidden);
    return error;
  }
  return RuntimeDirectory(path, std::move(lock));
}

RuntimeDirectory::~RuntimeDirectory() {
  if (!path_.empty()) remove_tree(path_);
}

void remove_abandoned_runtime_directories(const std::optional<User>& user) {
  const uid_t owner = user ? user->uid : geteuid();
  std::error_code ignored;
  for (const auto& found : fs::directory_iterator("/tmp", ignored)) {
    const fs::path& path = found.path();
    const std::string name = path.string();
    struct stat entry {};
    if (!name.starts_with(runtime_prefix) || name.size() != std::strlen(runtime_prefix) + 6) continue;
    if (lstat(path.c_str(), &entry) != 0 || !S_ISDIR(entry.st_mode) || entry.st_uid != owner) continue;
    if ((entry.st_mode & (S_IRWXG | S_IRWXO)) != 0 || !fs::exists(path / access_rules_file)) continue;
    const FileDescriptor lock = lock_directory(path);
    if (lock && end_leftover_processes(path)) remove_tree(path);
  }
}

Result<DataDirectory> claim_data_directory(const fs::path& path, const std::optional<User>& user) {
  try {
    fs::path absolute = fs::absolute(path).lexically_normal();
    if (!absolute.has_filename()) absolute = absolute.parent_path();  // a trailing slash
    return claim(absolute, user);
  } catch (const fs::filesystem_error& error) {
    return Error{ErrorCode::io,
                 "cannot use the data directory " + path.string() + ": " + error.code().message()};
  }
}

}  // namespace troupe::postgres
