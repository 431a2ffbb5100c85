#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::cli {

/// A row of the table of commands.
struct SubCommand {
  std::string_view name;
  std::string_view summary;
  int (*run)(const std::vector<std::string>& arguments);
  std::string_view word{};  ///< that stands between the name and its flags
};

struct DescribedFlag {
  std::vector<std::string> names{};  ///< "-u", "--users"; of what has no dashes, its one name
  std::string value{};               ///< "N"; empty: it takes none
  std::string help{};
  std::string group{};
  std::vector<std::string> words{};  ///< the only values that there are; empty: others

  bool is_positional() const { return !names.front().starts_with('-'); }
};

/// What a command's help is made of: manual page and completions are made of it, too.
struct DescribedCommand {
  std::string name, word, about;
  std::vector<DescribedFlag> flags{};
  std::string footer{};
};

/// Asks each command for its flags.
std::vector<DescribedCommand> described(std::span<const SubCommand> commands);

}  // namespace troupe::cli
