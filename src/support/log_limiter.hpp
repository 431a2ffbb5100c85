#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "support/time.hpp"

namespace troupe {

/// Lets one line of each kind into the log in a minute. Keeps every kind it was asked about: they must be
/// few. May be used by any thread.
class LogLimiter {
 public:
  /// Shall a line of the kind `key` be logged now? Nothing: no. Else what is to stand at its end: how many
  /// of its kind were left out since the last one, or an empty text.
  std::optional<std::string> admit(std::string_view key, TimePoint now);

 private:
  struct Kind {
    TimePoint logged;
    std::uint64_t left_out = 0;
  };
  std::mutex mutex_;
  std::map<std::string, Kind, std::less<>> kinds_;
};

}  // namespace troupe
