#pragma once

#include <string_view>

namespace troupe {

/// The commit of the source tree that this binary was built from, "-dirty" behind it when files differed from
/// it; "unknown" when it was not built in a git clone. Defined in a file that cmake/GitCommit.cmake
/// generates.
extern const std::string_view git_commit;

}  // namespace troupe
