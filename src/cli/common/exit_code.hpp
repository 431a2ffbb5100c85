#pragma once

namespace troupe::cli {

/// What Troupe's exit codes mean, as `troupe --help` tells it.
enum ExitCode : int {
  exit_ok = 0,
  exit_failure = 1,  ///< anything that has no code of its own
  exit_usage = 2,    ///< a flag, a setting or the command line is wrong, or an output cannot be written
  /// PostgreSQL is not there or not installed; the target cannot be reached, is another API, or gave no good
  /// answer
  exit_database_away = 3,
  exit_threshold = 4,  ///< simulate: a --fail-if condition holds
  exit_saturated = 5,  ///< simulate --strict: the load generator was the bottleneck
  /// simulate: nothing was measured, or there was nothing to judge a --fail-if condition by; compare: no
  /// regression was seen, but one could not have been seen either
  exit_not_measured = 6,
  exit_interrupted = 130,  ///< simulate: ended by Ctrl-C, with every output written
};

}  // namespace troupe::cli
