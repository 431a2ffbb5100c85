#pragma once

#include <filesystem>
#include <optional>

#include "postgres/cluster/child_process.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// pg_hba.conf of a runtime directory: whoever can reach the socket (only our user and root) may be any role.
inline constexpr const char* access_rules_file = "pg_hba.conf";

/// Within a data directory: a complete cluster that is still to be moved into place (see initialise_cluster).
inline constexpr const char* initialised_directory = "troupe.initialised";

/// /tmp/troupe-XXXXXX, private to the user PostgreSQL runs as: its socket and access rules, and all of a
/// temporary cluster. Locked (flock) as long as this object lives, which also keeps cleaners of /tmp away,
/// and removed by its destructor.
class RuntimeDirectory {
 public:
  static Result<RuntimeDirectory> create(const std::optional<User>& user);
  RuntimeDirectory(RuntimeDirectory&& other) noexcept
      : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}
  RuntimeDirectory& operator=(RuntimeDirectory&&) = delete;
  ~RuntimeDirectory();

  const std::filesystem::path& path() const { return path_; }

 private:
  RuntimeDirectory(std::filesystem::path path, FileDescriptor lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}
  std::filesystem::path path_;
  FileDescriptor lock_;
};

/// Removes the runtime directories of runs that crashed (nobody holds their lock), and ends what still runs
/// in them.
void remove_abandoned_runtime_directories(const std::optional<User>& user);

/// A directory for a cluster's data, claimed for this process.
struct DataDirectory {
  std::filesystem::path path;        ///< absolute
  std::optional<User> user;          ///< who PostgreSQL must run as here
  std::optional<int> major_version;  ///< of the cluster in it; none: it is to be initialised
  FileDescriptor lock;  ///< of a kept directory; a temporary one is covered by its RuntimeDirectory's
};

/// Makes (with parents) or checks `path`, gives it to `user`, and locks it so that no second troupe uses it.
/// A cluster that already belongs to another user than root keeps its owner, and runs as him. Every refusal
/// is one line that says what to do.
Result<DataDirectory> claim_data_directory(const std::filesystem::path& path,
                                           const std::optional<User>& user);

/// Gives `path` itself to `user`.
Result<void> give_to(const std::optional<User>& user, const std::filesystem::path& path);

}  // namespace troupe::postgres
