#include "support/config_places.hpp"

#include <algorithm>
#include <system_error>

namespace troupe {

std::vector<std::filesystem::path> config_places(std::string_view name) {
  const auto here = std::filesystem::path("config") / name;
  std::vector<std::filesystem::path> places{here};
  std::error_code error;  // then there are fewer places to look at
  const auto binary = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return places;
  const auto prefix = binary.parent_path().parent_path();
  if (prefix.filename() == "build") places.push_back(prefix.parent_path() / here);  // build/PRESET/troupe
  if (binary.parent_path().filename() == "bin") places.push_back(prefix / "share" / "troupe" / here);
  return places;
}

std::optional<std::filesystem::path> find_config(std::string_view name) {
  const auto places = config_places(name);
  const auto found = std::ranges::find_if(places, [](const auto& place) {
    std::error_code error;  // every failure to look means: not there
    return std::filesystem::exists(place, error);
  });
  return found == places.end() ? std::nullopt : std::optional(*found);
}

}  // namespace troupe
