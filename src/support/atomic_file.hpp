#pragma once

#include <filesystem>
#include <string_view>

#include "support/result.hpp"

namespace troupe {

/// Writes a whole file so that a reader sees the old content or the new one, and a full disk leaves the old
/// one: into a temporary file beside it, synced, then renamed over it. Follows a symbolic link; what is not a
/// regular file (/dev/stdout, a named pipe that somebody reads) is written in place. On failure nothing is
/// left behind.
Result<void> write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace troupe
