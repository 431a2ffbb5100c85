#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace troupe::postgres {

/// One line for people, about work that takes its time.
using Tell = std::function<void(const std::string&)>;

/// Says how a long piece of work stands, every two seconds at most: nobody needs to hear of what is over
/// sooner.
class Progress {
 public:
  explicit Progress(const Tell& tell);
  /// `line` is made only when it is time to say something.
  void say(const std::function<std::string()>& line);

 private:
  const Tell& tell_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace troupe::postgres
