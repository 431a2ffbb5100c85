#pragma once

#include <sys/types.h>

#include <filesystem>
#include <vector>

#include "support/result.hpp"

namespace troupe::postgres {

/// Where every runtime directory of an embedded cluster lies, and how its name begins.
inline constexpr const char* runtime_prefix = "/tmp/troupe-";

/// A process of a PostgreSQL server.
struct PostgresProcess {
  pid_t pid = 0;
  bool postmaster = false;  ///< else one of its children
  /// A postmaster that an embedded cluster started: this process's, or that of one that has ended.
  bool ours = false;
};

/// The PostgreSQL processes whose working directory, which is always their data directory, is `directory` or
/// lies below it. Only those this process may look at: all for root, else those of its own user.
std::vector<PostgresProcess> postgres_processes_below(const std::filesystem::path& directory);

/// Ends what an earlier run left behind in `directory`: an orphaned postmaster is asked to shut down,
/// children whose postmaster is dead are told to quit, both are killed when they do not. PostgreSQL refuses
/// to start while one of them lives. Bounded by about 8 s. Refuses (invalid_argument) to touch a postmaster
/// that troupe did not start.
Result<void> end_leftover_processes(const std::filesystem::path& directory);

}  // namespace troupe::postgres
