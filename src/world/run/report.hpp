#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace troupe::world {

/// What happened in a world. Times are in virtual seconds.
struct WorldReport {
  std::uint64_t seed = 0;
  std::map<std::string, std::size_t> faults{};   ///< that came, by kind
  std::map<std::string, std::size_t> answers{};  ///< "200", "503", "no answer"
  std::size_t requests = 0, commits = 0;
  double seconds = 0;
  std::uint64_t digest = 0;          ///< of all that clients were told, and when: the same for the same seed
  std::vector<std::string> wrong{};  ///< one line each; empty: nothing
};

/// One line of JSON, and back. Throws what boost::json throws when it is none.
std::string to_json(const WorldReport& report);
WorldReport report_of_json(const std::string& json);

}  // namespace troupe::world
