#pragma once

#include <string>
#include <string_view>

namespace troupe::sim {

/// A server that tasks name, beside the one that a run aims at.
struct NamedTarget {
  std::string name;
  std::string url;  ///< as a run's own target is written
};

/// What a command line says of it: "NAME=URL"; without a name where it is the run's own.
NamedTarget read_named_target(std::string_view text);
/// Letters, digits, _ and -.
bool is_target_name(std::string_view text);

}  // namespace troupe::sim
