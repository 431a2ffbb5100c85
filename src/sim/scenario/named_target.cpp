#include "sim/scenario/named_target.hpp"

#include <algorithm>

namespace troupe::sim {

NamedTarget read_named_target(std::string_view text) {
  const auto end = text.find('=');
  if (end == std::string_view::npos || !is_target_name(text.substr(0, end))) return {{}, std::string(text)};
  return {std::string(text.substr(0, end)), std::string(text.substr(end + 1))};
}

bool is_target_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

}  // namespace troupe::sim
