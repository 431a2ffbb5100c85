#include "cli/described_command.hpp"

#include <algorithm>

#include "cli/common/command_line.hpp"
#include "support/settings_table.hpp"

namespace troupe::cli {
namespace {

std::vector<std::string> words_of(const DescribedFlag& flag) {
  const auto is_its_flag = [&](const Setting& setting) { return setting.flag == flag.names.back(); };
  const auto setting = std::ranges::find_if(settings_table(), is_its_flag);
  if (setting == settings_table().end()) return {};
  return {setting->words.begin(), setting->words.end()};
}

DescribedFlag described(const CLI::Option& option) {
  DescribedFlag flag;
  for (const auto& name : option.get_snames()) flag.names.push_back('-' + name);
  for (const auto& name : option.get_lnames()) flag.names.push_back("--" + name);
  if (flag.names.empty()) flag.names.push_back(option.get_name(true));
  if (option.get_items_expected_max() > 0) flag.value = option.get_type_name();
  flag.help = option.get_description();
  flag.group = option.get_group();
  if (!flag.value.empty()) flag.words = words_of(flag);
  return flag;
}

}  // namespace

std::vector<DescribedCommand> described(std::span<const SubCommand> commands) {
  std::vector<DescribedCommand> all;
  for (const auto& command : commands) {
    DescribedCommand one{std::string(command.name), std::string(command.word), {}};
    const auto see = [&](const CLI::App& app) {
      one.about = app.get_description();
      one.footer = app.get_footer();
      for (const auto* option : app.get_options()) one.flags.push_back(described(*option));
    };
    const auto word = command.word.empty() ? std::vector<std::string>{} : std::vector{one.word};
    describe([&] { return command.run(word); }, see);
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace troupe::cli
