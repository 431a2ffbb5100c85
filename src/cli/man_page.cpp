#include "cli/man_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "support/settings_table.hpp"

namespace troupe::cli {
namespace {

/// Text as it is: no sign of it starts a request or an escape.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
      continue;
    }
    if (c == '-') out += '\\';
    if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) out += "\\&";
    out += c;
  }
  return out;
}

/// Paragraphs that keep their lines.
std::string as_written(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  while (text.starts_with('\n')) text.remove_prefix(1);
  return ".nf\n" + plain(text) + "\n.fi\n";
}

std::string entry(const DescribedFlag& flag) {
  return fmt::format(".TP\n.B {}\n{}\n", plain(fmt::format("{} {}", fmt::join(flag.names, ", "), flag.value)),
                     plain(flag.help));
}

bool is_setting(const DescribedFlag& flag) {
  return flag.group.starts_with('[');
}

std::string section_of(const DescribedCommand& command) {
  std::string out = fmt::format(".SS troupe {}\n{}\n",
                                plain(command.name + (command.word.empty() ? "" : " ") + command.word),
                                plain(command.about));
  bool with_settings = false;
  for (const auto& flag : command.flags) {
    if (is_setting(flag))
      with_settings = true;
    else
      out += entry(flag);
  }
  if (with_settings) out += ".P\nThe flags for settings (see SETTINGS) are flags of this command, too.\n";
  if (!command.footer.empty()) out += ".P\n" + as_written(command.footer);
  return out;
}

std::string settings_section() {
  std::string out = R"(.SH SETTINGS
A setting is a flag, a variable of the environment and a key of a TOML file; the first of these that is given counts.
)";
  const Settings defaults;
  for (const auto& setting : settings_table()) {
    const auto standard = setting.read(defaults);
    out += fmt::format(".TP\n.BR {} \", {}, key {}\"\n{}{}\n", plain(setting.flag),
                       environment_name(setting.key), setting.key, plain(setting.help),
                       standard.empty() ? "" : plain(fmt::format(" (default: {})", standard)));
  }
  return out;
}

constexpr std::string_view page_top = R"(.SH NAME
troupe \- actor\-model CRUD server on PostgreSQL, and load simulator
.SH SYNOPSIS
.B troupe
.I COMMAND
.RI [ FLAGS ]
.SH DESCRIPTION
Serves tables of PostgreSQL over HTTP, loads that server or any other with virtual users, and sweeps
configurations: how many workers, how many connections.
)";

constexpr std::string_view files = R"(.SH FILES
.TP
.I config/troupe.toml
Settings, if there is such a file in the current directory and no \-\-config.
.TP
.I /etc/troupe/troupe.toml
Settings of the service troupe.service. Commands that are run by hand do not read it without \-\-config.
.TP
.I /usr/share/troupe/config
Scenarios, models of concurrency and a sweep, known by their names.
)";

}  // namespace

std::string man_page(std::span<const DescribedCommand> commands, std::string_view exit_codes) {
  std::string out = ".TH TROUPE 1 \"\" \"troupe " TROUPE_VERSION "\" \"User commands\"\n";
  out.append(page_top).append(".SH COMMANDS\n");
  for (const auto& command : commands) out += section_of(command);
  out += settings_section();
  const auto codes = exit_codes.substr(exit_codes.find('\n') + 1);
  return out.append(".SH EXIT STATUS\n").append(as_written(codes)).append(files);
}

}  // namespace troupe::cli
