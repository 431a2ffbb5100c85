#include "sweep/plan/command_template.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <functional>

#include "support/suggest.hpp"

namespace troupe::sweep {
namespace {

enum class Quotes { none, single_ones, double_ones };

constexpr std::string_view name_letters = "abcdefghijklmnopqrstuvwxyz0123456789_";

bool is_first_letter(char c) {
  return c >= 'a' && c <= 'z';
}

/// The name at the beginning of "name}…"; empty when there is none.
std::string_view name_before_brace(std::string_view text) {
  const auto end = text.find_first_not_of(name_letters);
  if (end == text.npos || end == 0 || text[end] != '}' || !is_first_letter(text.front())) return {};
  return text.substr(0, end);
}

// Behind one of these a new word begins (POSIX.1-2017, Shell Command Language, 2.3 Token Recognition).
constexpr std::string_view word_ends = " \t\n;&|()<>";

/// Goes through a command as the shell does, as far as quotes and comments go.
class CommandReader {
 public:
  using OnName = std::function<std::string(std::string_view name, Quotes quotes)>;

  CommandReader(std::string_view command, OnName on_name) : rest_(command), on_name_(std::move(on_name)) {}

  /// The command with what `on_name` made of each name.
  std::string read() {
    while (!rest_.empty()) {
      if (word_begins_ && rest_.front() == '#') {
        take_comment();
      } else if (!take_name()) {
        take_letter();
      }
    }
    return std::move(out_);
  }

 private:
  bool take_name() {
    if (rest_.front() != '{' || (!out_.empty() && out_.back() == '$')) return false;
    const bool doubled = rest_.starts_with("{{");
    const auto name = name_before_brace(rest_.substr(doubled ? 2 : 1));
    if (name.empty()) return false;
    if (doubled && !rest_.substr(2 + name.size()).starts_with("}}")) return false;
    out_ += doubled ? fmt::format("{{{}}}", name) : on_name_(name, quotes_);
    rest_.remove_prefix(name.size() + (doubled ? 4 : 2));
    word_begins_ = false;
    return true;
  }

  /// Stays as it is, to the end of its line: a value's own line end would end it.
  void take_comment() {
    const auto length = std::min(rest_.find('\n'), rest_.size());
    out_ += rest_.substr(0, length);
    rest_.remove_prefix(length);
    word_begins_ = false;
  }

  void take_letter() {
    const char c = rest_.front();
    const bool escapes = c == '\\' && quotes_ != Quotes::single_ones && rest_.size() > 1;
    if (c == '\'' && quotes_ != Quotes::double_ones)
      quotes_ = quotes_ == Quotes::none ? Quotes::single_ones : Quotes::none;
    if (c == '"' && quotes_ != Quotes::single_ones)
      quotes_ = quotes_ == Quotes::none ? Quotes::double_ones : Quotes::none;
    const bool joins_lines = escapes && rest_[1] == '\n';  // for the shell it is not there
    if (!joins_lines)
      word_begins_ = !escapes && quotes_ == Quotes::none && word_ends.find(c) != word_ends.npos;
    const std::size_t length = escapes ? 2 : 1;
    out_ += rest_.substr(0, length);
    rest_.remove_prefix(length);
  }

  std::string_view rest_;
  OnName on_name_;
  Quotes quotes_ = Quotes::none;
  bool word_begins_ = true;
  std::string out_;
};

std::string replaced(std::string_view text, std::string_view letters,
                     const std::function<std::string(char)>& by) {
  std::string out;
  for (const char c : text) out += letters.find(c) != letters.npos ? by(c) : std::string(1, c);
  return out;
}

/// A text so that the shell takes it as it is. POSIX.1-2017, Shell Command Language, 2.2 Quoting.
std::string escaped(std::string_view text, Quotes quotes) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/@%";
  if (quotes == Quotes::double_ones)
    return replaced(text, "\\\"$`", [](char c) { return std::string("\\") + c; });
  const auto inside = replaced(text, "'", [](char) { return std::string("'\\''"); });
  if (quotes == Quotes::single_ones || text.find_first_not_of(plain) == text.npos) return inside;
  return "'" + inside + "'";
}

std::vector<std::string> short_names(const std::vector<std::string>& axes) {
  std::vector<std::string> out;
  for (const auto& axis : axes) out.push_back(short_name(axis));
  return out;
}

}  // namespace

std::vector<std::string> names_in(std::string_view command) {
  std::vector<std::string> names;
  CommandReader(command, [&](std::string_view name, Quotes) {
    if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
    return std::string();
  }).read();
  return names;
}

std::string fill_command(std::string_view command, const Configuration& configuration) {
  return CommandReader(command,
                       [&](std::string_view name, Quotes quotes) {
                         const auto& value =
                             configuration.settings.at(fmt::format("{}{}", service_axis, name));
                         return escaped(value, quotes);
                       })
      .read();
}

Result<void> check_commands(const Service& service) {
  const auto axes = short_names(service.axes);
  for (const auto& [flag, command] :
       {std::pair("--before", &service.before), std::pair("--after", &service.after)}) {
    for (const auto& name : names_in(*command)) {
      if (std::ranges::find(axes, name) != axes.end()) continue;
      const std::vector<std::string_view> known(axes.begin(), axes.end());
      const auto near = nearest(name, known);
      return Error{
          ErrorCode::invalid_argument,
          fmt::format("{} names {{{}}}, which is no --axis; {}", flag, name,
                      near.empty() ? fmt::format("write {{{{{}}}}} for braces of the shell's own", name)
                                   : fmt::format("did you mean {{{}}}?", near))};
    }
  }
  return {};
}

std::vector<std::string> axes_not_named(const Service& service) {
  auto named = names_in(service.before);
  for (auto& name : names_in(service.after)) named.push_back(std::move(name));
  auto axes = short_names(service.axes);
  std::erase_if(axes, [&](const auto& axis) { return std::ranges::find(named, axis) != named.end(); });
  return axes;
}

}  // namespace troupe::sweep
