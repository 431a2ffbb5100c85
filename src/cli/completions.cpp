#include "cli/completions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace troupe::cli {
namespace {

constexpr std::string_view head = R"(# bash completion for troupe: made by troupe completions bash
_troupe() {
  local current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD - 1]}" words=""
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "@COMMANDS@ --help --version" -- "$current"))
    return
  fi
)";

// Nothing that can be said of a value leaves it to bash's own: -o default completes files.
constexpr std::string_view foot = R"(  case "${COMP_WORDS[1]}" in
@FLAGS@  esac
  if [[ $current == -* || $COMP_CWORD -eq 2 && $words != -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -o default -F _troupe troupe
)";

/// A flag that takes a value, and not as `--flag=VALUE` only.
bool wants_value(const DescribedFlag& flag) {
  return !flag.value.empty() && !flag.is_positional();
}

std::string line_of(const DescribedCommand& command) {
  std::vector<std::string> words;
  if (!command.word.empty()) words.push_back(command.word);
  for (const auto& flag : command.flags) {
    const auto is_long = [](const std::string& name) { return name.starts_with("--"); };
    std::ranges::copy_if(flag.names, std::back_inserter(words), is_long);
  }
  return fmt::format("    {}) words=\"{}\" ;;\n", command.name, fmt::join(words, " "));
}

/// What the value behind a flag can be; flags are the same for all commands but those that differ in words.
std::string value_lines(std::span<const DescribedCommand> commands) {
  std::map<std::string, std::vector<std::string>> choices;
  std::set<std::string> others;
  for (const auto& command : commands) {
    for (const auto& flag : command.flags) {
      if (!wants_value(flag)) continue;
      for (const auto& name : flag.names)
        flag.words.empty() ? void(others.insert(name)) : void(choices[name] = flag.words);
    }
  }
  std::string lines = "  case \"$before\" in\n";
  for (const auto& [name, words] : choices) {
    lines += fmt::format("    {}) COMPREPLY=($(compgen -W \"{}\" -- \"$current\")); return ;;\n", name,
                         fmt::join(words, " "));
    others.erase(name);
  }
  lines += fmt::format("    {}) return ;;\n", fmt::join(others, " | "));
  return lines + "  esac\n";
}

std::string replaced(std::string_view text, std::string_view mark, std::string_view by) {
  const auto at = text.find(mark);
  return std::string(text.substr(0, at)).append(by).append(text.substr(at + mark.size()));
}

}  // namespace

std::string bash_completions(std::span<const DescribedCommand> commands) {
  std::string names, flags;
  for (const auto& command : commands) {
    names += (names.empty() ? "" : " ") + command.name;
    flags += line_of(command);
  }
  return replaced(head, "@COMMANDS@", names) + value_lines(commands) + replaced(foot, "@FLAGS@", flags);
}

}  // namespace troupe::cli
