#include "sim/scenario/user_class.hpp"

#include <algorithm>
#include <cstddef>

namespace troupe::sim {

std::vector<UserPlace> place_users(const std::vector<UserClass>& classes) {
  std::int64_t total = 0;
  for (const auto& one : classes) total += one.weight;
  std::vector<UserPlace> places;
  std::vector<std::int64_t> credit(classes.size());
  std::vector<std::uint32_t> placed(classes.size());
  for (std::int64_t i = 0; i < total; ++i) {  // each earns its weight, the richest pays all of it
    for (std::size_t k = 0; k < classes.size(); ++k) credit[k] += classes[k].weight;
    const auto richest = static_cast<std::size_t>(std::ranges::max_element(credit) - credit.begin());
    credit[richest] -= total;
    places.push_back({static_cast<std::uint16_t>(richest), placed[richest]++});
  }
  return places;
}

}  // namespace troupe::sim
