#include "cli/completions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace troupe::cli {
namespace {

constexpr std::string_view bash_head = R"(# bash completion for troupe: made by troupe completions bash
_troupe() {
  local current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD - 1]}" words=""
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "@COMMANDS@ --help --version" -- "$current"))
    return
  fi
)";

// Nothing that can be said of a value leaves it to bash's own: -o default completes files.
constexpr std::string_view bash_foot = R"(  case "${COMP_WORDS[1]}" in
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

std::string bash_line(const DescribedCommand& command) {
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

constexpr std::string_view zsh_head = R"(#compdef troupe
# zsh completion for troupe: made by troupe completions zsh
_troupe() {
  if (( CURRENT == 2 )); then
    local -a commands=(
@COMMANDS@    )
    _describe -t commands command commands && return
    compadd -- --help --version
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
@FLAGS@  esac
}
)";

// A file of $fpath is the function's body at its first call; elsewhere the script is sourced.
constexpr std::string_view zsh_foot =
    R"(if [[ $funcstack[1] == _troupe ]]; then _troupe "$@"; else compdef _troupe troupe; fi
)";

/// `text` in single quotes, without what _arguments and _describe take for their own signs.
std::string zsh_text(std::string_view text) {
  std::string quoted;
  for (const auto letter : text) {
    if (letter == '\'')
      quoted += "'\\''";
    else if (letter == '\n')
      quoted += ' ';
    else if (std::string_view("\\[]:").find(letter) != std::string_view::npos)
      quoted.append(1, '\\').append(1, letter);
    else
      quoted += letter;
  }
  return quoted;
}

/// What _arguments takes: `*` lets a flag come again, as it may.
std::string zsh_flag(const DescribedFlag& flag, std::string_view name) {
  const auto what = zsh_text(flag.value.empty() || flag.value == " " ? "value" : flag.value);
  const auto values = flag.words.empty() ? "_files" : fmt::format("({})", fmt::join(flag.words, " "));
  if (flag.is_positional()) return fmt::format("'*:{}:{}'", what, values);
  const auto value = wants_value(flag) ? fmt::format(":{}:{}", what, values) : "";
  return fmt::format("'*{}[{}]{}'", name, zsh_text(flag.help), value);
}

std::string zsh_line(const DescribedCommand& command) {
  std::vector<std::string> specs;
  if (!command.word.empty()) specs.push_back(fmt::format("'1:command:({})'", command.word));
  for (const auto& flag : command.flags) {
    for (const auto& name : flag.names) specs.push_back(zsh_flag(flag, name));
  }
  return fmt::format("    {}) _arguments \\\n      {} ;;\n", command.name, fmt::join(specs, " \\\n      "));
}

}  // namespace

std::string bash_completions(std::span<const DescribedCommand> commands) {
  std::string names, flags;
  for (const auto& command : commands) {
    names += (names.empty() ? "" : " ") + command.name;
    flags += bash_line(command);
  }
  return replaced(bash_head, "@COMMANDS@", names) + value_lines(commands) +
         replaced(bash_foot, "@FLAGS@", flags);
}

std::string zsh_completions(std::span<const DescribedCommand> commands) {
  std::string names, flags;
  for (const auto& command : commands) {
    const auto summary = std::string_view(command.about).substr(0, command.about.find('\n'));
    names += fmt::format("      '{}:{}'\n", command.name, zsh_text(summary));
    flags += zsh_line(command);
  }
  return replaced(replaced(zsh_head, "@COMMANDS@", names), "@FLAGS@", flags).append(zsh_foot);
}

}  // namespace troupe::cli
