#include "cli/common/command_line.hpp"

#include <algorithm>
#include <iostream>
#include <string_view>
#include <utility>

#include "cli/common/database_fault.hpp"
#include "cli/common/exit_code.hpp"
#include "cli/common/query_notes.hpp"
#include "support/conninfo_secrets.hpp"
#include "support/log.hpp"
#include "support/settings_print.hpp"
#include "support/settings_table.hpp"
#include "support/suggest.hpp"

namespace troupe::cli {
namespace {

/// The heading a setting's flag stands under in --help: its TOML table.
std::string group_of(const Setting& setting) {
  return "[" + std::string(setting.key.substr(0, setting.key.find('.'))) + "]";
}

std::string help_of(const Setting& setting, const Settings& defaults) {
  const auto standard = setting.read(defaults);
  std::string help(setting.help);
  if (!standard.empty() && setting.form != ValueForm::boolean) help += " (" + standard + ")";
  return help;
}

std::string see_help(const CLI::App& app) {
  return "; see " + app.get_name() + " --help";
}

/// One line for the first argument that no flag takes, with the flag that was probably meant.
std::string unexpected(const CLI::App& app, const std::vector<std::string>& rest) {
  const auto is_word = [](const auto& text) { return text != "--"; };
  const auto first = std::ranges::find_if(rest, is_word);
  const auto flag =
      std::ranges::find_if(rest, [&](const auto& text) { return text.starts_with('-') && is_word(text); });
  const auto help = see_help(app);
  if (flag == rest.end()) {
    const auto shown = first == rest.end() ? "--" : without_password(*first);
    return "unexpected argument '" + shown + "'" + help;
  }
  std::vector<std::string> names;
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  const auto given = without_password(flag->substr(0, flag->find('=')));
  const auto near = nearest(given, std::vector<std::string_view>(names.begin(), names.end()));
  return "unknown flag " + given + (near.empty() ? help : "; did you mean " + std::string(near) + "?");
}

/// Who wants to see flags instead of having them parsed.
const std::function<void(const CLI::App&)>* watcher = nullptr;

/// Leaves the usual flags, those for settings under one heading.
void show_usual(CLI::App& app, const std::vector<std::string>& usual) {
  for (auto* option : app.get_options()) {
    const auto is_usual = [&](const auto& flag) { return option->check_name(flag); };
    if (std::ranges::none_of(usual, is_usual))
      option->group("");
    else if (option->get_group().starts_with('['))
      option->group("Settings");
  }
}

/// CLI11 leaves two blank lines behind each group of flags.
std::string without_empty_lines(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != '\n' || !out.ends_with("\n\n")) out += c;
  }
  return out;
}

std::string help_of(CLI::App& app, const LongHelp& long_help, bool all) {
  if (long_help.usual.empty()) return app.help();
  if (all) {
    app.footer(app.get_footer().append(long_help.rest));
    return app.help();
  }
  show_usual(app, long_help.usual);
  return without_empty_lines(app.help()) + app.get_name() +
         " --help-all tells all flags, and the exit codes.\n";
}

}  // namespace

void SettingFlags::add_to(CLI::App& app, const std::map<std::string_view, std::string>& renamed) {
  app.get_formatter()->column_width(40);
  app.set_help_flag("-h,--help", "print this text and exit");
  app.get_formatter()->label("OPTIONS", "FLAGS");
  app.add_option("--config", config, "TOML file to read; default: config/troupe.toml, when there is one")
      ->type_name("FILE")
      ->take_last();
  app.add_flag("--print-config", print_config, "print every setting and where it came from, and exit");
  const Settings defaults;
  for (const auto& setting : settings_table()) {
    const auto take = [this, &setting](const std::string& text) {
      const bool bare = text.empty() && setting.form == ValueForm::boolean;
      values[std::string(setting.key)] = bare ? "true" : text;
    };
    const auto other = renamed.find(setting.key);
    const auto flag = other != renamed.end() ? other->second : std::string(setting.flag);
    auto* option = app.add_option_function<std::string>(flag, take, help_of(setting, defaults))
                       ->type_name(std::string(setting.value))
                       ->group(group_of(setting))
                       ->take_last();
    if (setting.form == ValueForm::boolean) option->expected(0, 1);
  }
}

void add_database_flags(CLI::App& app, FlagValues& values) {
  app.get_formatter()->column_width(40);
  app.set_help_flag("-h,--help", "print this text and exit");
  for (const auto* key : {"database.url", "database.connect_timeout"}) {
    const auto& setting = *find_setting(key);
    const auto take = [&values, key](const std::string& text) { values[key] = text; };
    app.add_option_function<std::string>(std::string(setting.flag), take, std::string(setting.help))
        ->type_name(std::string(setting.value))
        ->take_last();
  }
}

std::optional<int> parse(CLI::App& app, std::vector<std::string> arguments, const LongHelp& long_help) {
  std::ranges::reverse(arguments);  // CLI11 takes them from the back
  if (!long_help.usual.empty()) app.set_help_all_flag("--help-all", "print every flag and exit");
  if (watcher != nullptr) {
    (*watcher)(app);
    return exit_ok;
  }
  try {
    app.parse(std::move(arguments));
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    std::cout << help_of(app, long_help, false);
    return exit_ok;
  } catch (const CLI::CallForAllHelp&) {
    std::cout << help_of(app, long_help, true);
    return exit_ok;
  } catch (const CLI::ExtrasError&) {
    return usage_fault(unexpected(app, app.remaining()));
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string_view text = error.what();  // "--port: 1 required N missing"
    return usage_fault(std::string(text.substr(0, text.find(':'))) + " needs a value" + see_help(app));
  } catch (const CLI::ParseError& error) {
    return usage_fault(error.what());
  }
}

void describe(const std::function<int()>& command, const std::function<void(const CLI::App&)>& see) {
  watcher = &see;
  command();
  watcher = nullptr;
}

int with_settings(const SettingFlags& flags, const std::function<int(const LoadedSettings&)>& body) {
  const auto loaded = load_settings(flags.values, process_environment(), flags.config);
  if (!loaded) return usage_fault(loaded.error().message);
  if (flags.print_config) {
    const auto notes = query_notes(loaded->settings.database);
    if (!notes) return database_fault(notes.error(), *loaded, Without::cannot_run);
    std::cout << print_settings(*loaded) << *notes;
    return exit_ok;
  }
  start_log(loaded->settings.log);
  return body(*loaded);
}

int usage_fault(const std::string& message) {
  std::cerr << "troupe: " << message << '\n';
  return exit_usage;
}

}  // namespace troupe::cli
