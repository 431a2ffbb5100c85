#include "support/random.hpp"

#include <cmath>
#include <numbers>

namespace troupe {
namespace {

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

Rng::Rng(std::uint64_t seed, RandomStream stream, std::uint64_t index) {
  // Mixed after each number, so that neighbours of all three start at unrelated places of the cycle.
  state_ = mix(seed + 0x9e3779b97f4a7c15);
  state_ = mix(state_ ^ mix(static_cast<std::uint64_t>(stream) + 0x8cb92ba72f3d8dd7));
  state_ = mix(state_ ^ mix(index + 0xd1b54a32d192ed03));
}

Rng::result_type Rng::operator()() {
  return mix(state_ += 0x9e3779b97f4a7c15);
}

double Rng::uniform() {
  return static_cast<double>((*this)() >> 11) * 0x1.0p-53;
}

std::uint64_t Rng::below(std::uint64_t bound) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<Wide>((*this)()) * bound) >> 64);
}

double Rng::exponential() {
  return -std::log1p(-uniform());
}

double Rng::normal() {
  const double radius = std::sqrt(2 * exponential());
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

}  // namespace troupe
