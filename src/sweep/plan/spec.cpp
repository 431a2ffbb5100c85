#include "sweep/plan/spec.hpp"

#include <spdlog/fmt/fmt.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>

#include "support/parse.hpp"
#include "support/settings_table.hpp"
#include "support/suggest.hpp"
#include "support/text_width.hpp"
#include "sweep/plan/goal.hpp"
#include "sweep/records/cell.hpp"

namespace troupe::sweep {
namespace {

constexpr std::array<std::string_view, 5> own_axes{"scenario", "transport", "model", "users", "arrival_rate"};
// Where the database is and where the server listens are the same for all cells: the sweep sees to them.
constexpr std::array<std::string_view, 7> fixed_keys{
    "database.url", "database.data_dir", "database.table", "database.resources",
    "server.host",  "server.port",       "log.level"};
constexpr std::array<std::string_view, 4> load_option_names{"arrivals", "max_in_flight", "max_backlog",
                                                            "timeout"};
constexpr std::uint64_t most_repeats = 1'000;
constexpr Duration longest = std::chrono::hours(24 * 7);

/// Carries an Error out of the nested reading of a file.
struct Fault {
  Error error;
};

class SpecReader {
 public:
  explicit SpecReader(const std::string& file) : file_(file) {}

  Spec read(const toml::table& table) {
    for (const auto& [key, node] : table) read_key(key.str(), node);
    return std::move(spec_);
  }

 private:
  [[noreturn]] void fail(const toml::node& at, const std::string& message) const {
    throw Fault{invalid(fmt::format("{}:{}: {}", file_, at.source().begin.line, message))};
  }

  template <class T>
  T checked(const toml::node& at, Result<T> result) const {
    if (!result) fail(at, result.error().message);
    return *std::move(result);
  }

  void read_key(std::string_view key, const toml::node& node) {
    if (key == "duration") {
      spec_.duration = checked(node, read_length(key, text_of(key, node), false));
    } else if (key == "warm_up") {
      spec_.warm_up = checked(node, read_length(key, text_of(key, node), true));
    } else if (key == "budget") {
      spec_.budget = checked(node, read_length(key, text_of(key, node), false));
    } else if (key == "repeats") {
      spec_.repeats = checked(node, read_repeats(key, text_of(key, node)));
    } else if (key == "seed") {
      const auto seed = parse_count(text_of(key, node));
      if (!seed) fail(node, "seed must be a whole number from 0 up");
      spec_.seed = *seed;
    } else if (key == "constraints") {
      spec_.constraints = texts_of(key, node);
    } else if (key == "goal") {
      spec_.goal = checked(node, parse_goal(text_of(key, node))).text;
    } else if (std::ranges::find(load_option_names, key) != load_option_names.end()) {
      spec_.load_options[std::string(key)] = text_of(key, node);
    } else if (key == "axes") {
      if (!node.is_table()) fail(node, "axes must be a table: [axes]");
      read_axes("", *node.as_table());
    } else {
      constexpr std::array<std::string_view, 12> known{"axes",     "constraints",   "goal",        "duration",
                                                       "warm_up",  "budget",        "repeats",     "seed",
                                                       "arrivals", "max_in_flight", "max_backlog", "timeout"};
      const auto near = nearest(key, known);
      fail(node, fmt::format("unknown key {}; {}", key,
                             near.empty() ? "it must be " + list_words(known)
                                          : fmt::format("did you mean {}?", near)));
    }
  }

  /// database.pool_size = [1, 2] is a table in a table to TOML.
  void read_axes(const std::string& path, const toml::table& table) {
    for (const auto& [key, node] : table) {
      const auto name = path + std::string(key.str());
      if (const auto* inner = node.as_table(); inner != nullptr && path.empty()) {
        read_axes(name + ".", *inner);
        continue;
      }
      const auto known = checked(node, axis_name(name));
      spec_.set_axis(checked(node, read_axis(known, texts_of(name, node))));
    }
  }

  std::vector<std::string> texts_of(std::string_view key, const toml::node& node) const {
    if (!node.is_array()) return {text_of(key, node)};
    std::vector<std::string> texts;
    for (const auto& element : *node.as_array()) texts.push_back(text_of(key, element));
    return texts;
  }

  std::string text_of(std::string_view key, const toml::node& node) const {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return std::to_string(number->get());
    if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
    if (const auto* boolean = node.as_boolean()) return boolean->get() ? "true" : "false";
    fail(node, fmt::format("{} must be a text, a number, or a list of them", key));
  }

  const std::string& file_;
  Spec spec_;
};

}  // namespace

void Spec::set_axis(Axis axis) {
  const auto found = std::ranges::find(axes, axis.name, &Axis::name);
  found != axes.end() ? void(*found = std::move(axis)) : axes.push_back(std::move(axis));
}

const Axis* Spec::find(std::string_view name) const {
  const auto found = std::ranges::find(axes, name, &Axis::name);
  return found != axes.end() ? &*found : nullptr;
}

std::string swept_setting(std::string_view name) {
  for (const auto& setting : settings_table()) {
    std::string key(setting.key);
    if (key == name || short_name(key) == name) return key;
  }
  return {};
}

Result<std::string> axis_name(std::string_view name) {
  if (std::ranges::find(own_axes, name) != own_axes.end()) return std::string(name);
  const auto key = swept_setting(name);
  if (std::ranges::find(fixed_keys, key) != fixed_keys.end()) {
    return invalid(fmt::format("{} is the same for a whole sweep: it cannot be varied", key));
  }
  if (!key.empty()) return key;
  std::vector<std::string> words(own_axes.begin(), own_axes.end());
  for (const auto& setting : settings_table()) {
    words.emplace_back(setting.key);
    words.push_back(short_name(words.back()));
  }
  const std::vector<std::string_view> known(words.begin(), words.end());
  const auto near = nearest(name, known);
  return invalid(fmt::format("unknown axis {}; {}", name,
                             near.empty() ? "it must be a setting's key or " + list_words(own_axes)
                                          : fmt::format("did you mean {}?", near)));
}

Result<std::string> service_axis_name(std::string_view name) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
  const bool word = !name.empty() && letters.find(name.front()) != letters.npos &&
                    name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == name.npos;
  if (!word) {
    return invalid(fmt::format(
        "--axis '{}': a name is a lower-case word (letters, digits and _), as in --axis pool=4,8,16", name));
  }
  if (std::ranges::find(own_axes, name) == own_axes.end())
    return std::string(service_axis) + std::string(name);
  const bool flag = name != "transport" && name != "model";
  return invalid(
      fmt::format("--axis {}: that name is taken{}", name,
                  flag ? fmt::format(": --{} varies it", name == "arrival_rate" ? "arrival-rate" : name)
                       : ": call it otherwise"));
}

SweepInfo info_of(const Spec& spec, const std::vector<Axis>& axes) {
  SweepInfo info;
  info.seed = spec.seed;
  info.repeats = spec.repeats;
  info.duration = spec.duration;
  info.warm_up = spec.warm_up;
  if (spec.budget) info.budget = *spec.budget;
  for (const auto& axis : axes) info.axes[axis.name] = axis.values;
  info.constraints = spec.constraints;
  info.goal = spec.goal;
  info.service = spec.service;
  info.load_options = spec.load_options;
  return info;
}

Spec spec_of(const SweepInfo& info) {
  const auto whole = [](sim::Seconds seconds) { return std::chrono::duration_cast<Duration>(seconds); };
  Spec spec;
  for (const auto& [name, values] : info.axes) spec.axes.push_back({name, values});
  spec.constraints = info.constraints;
  spec.goal = info.goal;
  spec.service = info.service;
  spec.load_options = info.load_options;
  spec.duration = whole(info.duration);
  spec.warm_up = whole(info.warm_up);
  if (info.budget > sim::Seconds{}) spec.budget = whole(info.budget);
  spec.repeats = info.repeats;
  spec.seed = info.seed;
  return spec;
}

Result<Spec> parse_spec(std::string_view toml, const std::string& file) {
  try {
    return SpecReader(file).read(toml::parse(toml));
  } catch (const toml::parse_error& error) {
    return invalid(fmt::format("{}:{}: not valid TOML: {}", file, error.source().begin.line,
                               one_line(error.description())));
  } catch (const Fault& caught) {
    return caught.error;
  }
}

Result<Duration> read_length(std::string_view name, const std::string& text, bool zero_allowed) {
  const auto value = parse_duration(text);
  if (!value || *value > longest || *value < Duration{} || (*value == Duration{} && !zero_allowed)) {
    return invalid(fmt::format("{} must be a duration {}, as in 500ms, 3s or 10m, not '{}'", name,
                               zero_allowed ? "from 0 up" : "above 0", text));
  }
  return *value;
}

Result<std::uint64_t> read_repeats(std::string_view name, std::string_view text) {
  const auto value = parse_count(text);
  if (value && *value >= 1 && *value <= most_repeats) return *value;
  return invalid(fmt::format("{} must be a whole number from 1 to {}, not '{}'", name, most_repeats, text));
}

Result<Axis> read_axis(std::string_view name, const std::vector<std::string>& values) {
  if (values.empty()) return invalid(fmt::format("{} is an empty list: give it one value at least", name));
  Axis axis{std::string(name), {}};
  for (const auto& value : values) {
    const auto text = std::string(trim(value));
    if (text.empty()) return invalid(fmt::format("{} has an empty value", name));
    if (std::ranges::find(axis.values, text) != axis.values.end()) {
      return invalid(fmt::format("{} names {} twice", name, text));
    }
    axis.values.push_back(text);
  }
  return axis;
}

}  // namespace troupe::sweep
