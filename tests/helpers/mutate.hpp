#pragma once

#include <cstddef>
#include <random>
#include <span>
#include <string>
#include <string_view>

namespace troupe::tests {

using Random = std::minstd_rand;

/// From 0 up to, and not with, `bound`.
std::size_t below(Random& random, std::size_t bound);

/// Changes bytes of a message in one place: puts in one of `fragments`, takes some away, repeats some, puts
/// in many of one byte, writes over one, or cuts the rest off.
void mutate_bytes(std::string& bytes, std::span<const std::string_view> fragments, Random& random);

}  // namespace troupe::tests
