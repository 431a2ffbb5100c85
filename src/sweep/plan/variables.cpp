#include "sweep/plan/variables.hpp"

#include <algorithm>
#include <limits>
#include <sstream>

#include "actors/runtime/runtime.hpp"
#include "support/parse.hpp"
#include "support/settings_table.hpp"

namespace troupe::sweep {
namespace {

// Words stand for numbers that nobody writes, so that a word equals itself and nothing else.
constexpr double first_word = 1e12;

/// Whether a constraint can name it: a letter, then letters, digits, _ or -.
bool is_word(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && letter(text.front()) && std::ranges::all_of(text, [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

/// "coalesce", "pipeline", "off" of "coalesce|pipeline|off".
std::vector<std::string> words_of(const Setting& setting) {
  std::vector<std::string> words;
  if (setting.value.find('|') == std::string_view::npos) return words;
  std::istringstream in{std::string(setting.value)};
  for (std::string word; std::getline(in, word, '|');) {
    if (word != "N") words.push_back(word);
  }
  return words;
}

std::map<std::string, double> all_words() {
  std::map<std::string, double> words{{"true", 1}, {"false", 0}};
  for (const auto& setting : settings_table()) {
    for (const auto& word : words_of(setting))
      words.try_emplace(word, first_word + static_cast<double>(words.size()));
  }
  return words;
}

/// Numbers, sizes in bytes and durations in milliseconds as they are; words by their number.
std::optional<double> number_of(const Setting& setting, const std::string& text, const Variables& words) {
  if (const auto word = words.find(text); word != words.end()) return word->second;
  if (setting.form == ValueForm::size) {
    if (const auto bytes = parse_size(text)) return static_cast<double>(*bytes);
  } else if (setting.form == ValueForm::duration) {
    if (const auto length = parse_duration(text))
      return std::chrono::duration<double, std::milli>(*length).count();
  } else if (const auto number = parse_count(text)) {
    return static_cast<double>(*number);
  }
  return std::nullopt;
}

void add_load(const Load& load, Variables& variables) {
  variables["users"] = load.users != 0 ? static_cast<double>(load.users) : std::numeric_limits<double>::max();
  variables["arrival_rate"] = load.arrival_rate_per_s;
}

/// Its axes by their names; values that are no numbers are words.
Variables variables_of_service(const PlannedCell& planned, const Spec& spec) {
  Variables variables;
  double next_word = first_word;
  for (const auto& axis : spec.axes) {
    if (!axis.name.starts_with(service_axis)) continue;
    for (const auto& value : axis.values) {
      if (!parse_number(value) && variables.try_emplace(value, next_word).second) ++next_word;
    }
  }
  std::erase_if(variables, [](const auto& word) { return !is_word(word.first); });
  for (const auto& [axis, value] : planned.cell.configuration.settings) {
    const auto number = parse_number(value);
    const auto word = variables.find(value);
    if (number || word != variables.end()) variables[short_name(axis)] = number ? *number : word->second;
  }
  add_load(planned.cell.load, variables);
  return variables;
}

Variables variables_of_server(const PlannedCell& planned) {
  static const auto words = all_words();
  auto variables = words;
  for (const auto& setting : settings_table()) {
    if (const auto number = number_of(setting, setting.read(planned.settings), words))
      variables[short_name(std::string(setting.key))] = *number;
  }
  const auto& [workload, configuration, load] = planned.cell;
  add_load(load, variables);
  variables["workers"] = static_cast<double>(actors::worker_count(planned.settings.workers));
  variables["pool_size"] = static_cast<double>(configuration.connections);
  if (planned.settings.server.connection_actors == 0) variables["connection_actors"] = variables["users"];
  return variables;
}

}  // namespace

Variables variables_of(const PlannedCell& planned, const Spec& spec) {
  return spec.service ? variables_of_service(planned, spec) : variables_of_server(planned);
}

}  // namespace troupe::sweep
