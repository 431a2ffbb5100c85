#include "helpers/imported_scenario.hpp"

#include <algorithm>
#include <sstream>

#include "sim/scenario/scenario_reader.hpp"

namespace troupe::tests {

std::vector<std::string> told_fill_ins(const std::string& toml) {
  std::vector<std::string> names;
  const std::string mark = "#   {";
  std::istringstream in(toml);
  for (std::string line; std::getline(in, line) && line.starts_with('#');) {
    if (line.starts_with(mark)) names.push_back(line.substr(mark.size(), line.find('}') - mark.size()));
  }
  return names;
}

std::string filled_in(std::string toml) {
  for (const auto& name : told_fill_ins(toml)) {
    const auto placeholder = "{" + name + "}";
    for (auto at = toml.find(placeholder); at != std::string::npos; at = toml.find(placeholder, at))
      toml.replace(at, placeholder.size(), "value");
  }
  return toml;
}

std::string import_fault(const std::string& toml) {
  const auto names = told_fill_ins(toml);
  if (const auto filled = sim::parse_scenario(filled_in(toml), "new.toml"); !filled)
    return "filled in: " + filled.error().message;
  const auto read = sim::parse_scenario(toml, "new.toml");
  if (read) return {};
  const auto is_told = [&](const std::string& name) {
    return read.error().message.find("unknown placeholder {" + name + "}") != std::string::npos;
  };
  return std::ranges::any_of(names, is_told) ? std::string{} : read.error().message;
}

}  // namespace troupe::tests
