#include "postgres/copy/rows/progress.hpp"

namespace troupe::postgres {
namespace {

constexpr std::chrono::seconds silence{2};

}  // namespace

Progress::Progress(const Tell& tell) : tell_(tell), last_(std::chrono::steady_clock::now()) {}

void Progress::say(const std::function<std::string()>& line) {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < silence) return;
  last_ = now;
  tell_(line());
}

}  // namespace troupe::postgres
